import type { Metadata } from 'next';
import Link from 'next/link';
import { DrawDialog } from '#components/audit/draw-dialog.tsx';
import { sayShare } from '#components/audit/reader-table.tsx';
import { SweepDialog } from '#components/audit/sweep-dialog.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { ButtonLink } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { count, duration, percent } from '#components/ui/figures.ts';
import { Meter } from '#components/ui/meter.tsx';
import { Page } from '#components/ui/page.tsx';
import { PageHeader, Section } from '#components/ui/section.tsx';
import { Time } from '#components/ui/time.tsx';
import { mayRole } from '#lib/core/policy/access.ts';
import { requireActor } from '#lib/http/require-actor.ts';
import { showOwnSensitivity } from '#lib/usecases/audit/readers.ts';
import { type Risk, showRisk, showSealed } from '#lib/usecases/audit/residual-risk.ts';
import { showImports } from '#lib/usecases/imports/show-imports.ts';
import { showQueues } from '#lib/usecases/queues/claim.ts';
import { draw, sweep } from './actions.ts';

export const metadata: Metadata = { title: 'Audit' };

/** A clean unit of 200 words takes a reader about 50 s. */
const SECONDS_A_UNIT = 50;
const SECONDS_A_VALUE = 3;

export default async function AuditPage() {
  const actor = await requireActor('queue.list');
  const mayDraw = mayRole(actor.role, 'queue.manage');
  const mayRead = mayRole(actor.role, 'audit.claim');
  const [queues, sweeps, sealed, imports, own, risks] = await Promise.all([
    showQueues(actor, 'audit'),
    showQueues(actor, 'sweep'),
    showSealed(actor),
    mayDraw ? showImports(actor) : [],
    showOwnSensitivity(actor),
    mayRole(actor.role, 'quality.read') ? showRisk(actor) : [],
  ]);
  const open = queues.filter((queue) => queue.state === 'open');
  return (
    <Page>
      <PageHeader
        title="Audit"
        hint="Readers hunt what redaction missed. What they find bounds how much may be left."
        acts={
          <>
            {mayRole(actor.role, 'quality.read') && <ButtonLink href="/quality">Residual risk</ButtonLink>}
            {mayDraw && <SweepDialog onOpen={sweep} />}
            {mayDraw && (
              <DrawDialog
                imports={imports.filter((row) => row.units > 0).map(({ id, filename }) => ({ id, filename }))}
                onDraw={draw}
              />
            )}
          </>
        }
      />
      <Section title="Samples to read">
        {open.length === 0 ? (
          <EmptyState title="No sample yet">
            {mayDraw
              ? 'Draw one from the units that could be released.'
              : 'A lead draws a sample from a frozen candidate; it then waits here.'}
          </EmptyState>
        ) : (
          <ul className="flex flex-col">
            {open.map((queue) => (
              <li
                key={queue.id}
                className="grid items-center gap-x-6 gap-y-2 border-line border-b py-3 md:grid-cols-[minmax(0,1fr)_16rem_auto]"
              >
                <div>
                  <p className="font-medium">{queue.name}</p>
                  <p className="text-ink-2">
                    {count(queue.units)} units, {count(queue.items)} readings
                    {queue.overlap > 1 && ', some of them twice and blind'}
                    {mayRead &&
                      queue.mine > 0 &&
                      ` · ${count(queue.mine)} left for you, about ${duration(queue.mine * SECONDS_A_UNIT)}`}
                  </p>
                  <RiskLine risk={risks.find((risk) => risk.queueId === queue.id)} />
                </div>
                <Meter
                  label="read"
                  share={queue.items > 0 ? queue.done / queue.items : 0}
                  text={`${count(queue.done)} of ${count(queue.items)}`}
                />
                {mayRead &&
                  (queue.mine > 0 ? (
                    <ButtonLink tone="primary" href={`/audit/${queue.id}`}>
                      Read
                    </ButtonLink>
                  ) : (
                    <Badge tone="pass" glyph>
                      nothing left for you
                    </Badge>
                  ))}
              </li>
            ))}
          </ul>
        )}
      </Section>
      {sweeps.some((queue) => queue.mine > 0) && (
        <Section title="Sweeps" hint="Doubtful values one by one; finds never count in the bound">
          <ul className="flex flex-col">
            {sweeps
              .filter((queue) => queue.mine > 0)
              .map((queue) => (
                <li key={queue.id} className="flex items-center gap-4 border-line border-b py-2">
                  <span className="min-w-0 flex-1 font-medium">{queue.name}</span>
                  <span className="text-ink-2">
                    {count(queue.mine)} left, about {duration(queue.mine * SECONDS_A_VALUE)}
                  </span>
                  {mayRead && <ButtonLink href={`/sweep/${queue.id}`}>Sweep</ButtonLink>}
                </li>
              ))}
          </ul>
        </Section>
      )}
      {own.sensitivity && own.sensitivity.n > 0 && (
        <Section title="Your reading" hint="Shown to you alone; told once a sample is sealed">
          <p className="text-ink-2">
            {count(own.decisions)} decisions · canaries found {sayShare(own.sensitivity)}
          </p>
        </Section>
      )}
      {sealed.length > 0 && (
        <Section title="Sealed" hint="Read, evaluated once, unchangeable">
          <ul className="flex flex-col">
            {sealed.map((plan) => (
              <li key={plan.queueId} className="flex flex-col gap-0.5 border-line border-b py-2">
                <p className="flex items-baseline gap-3">
                  {mayRole(actor.role, 'quality.read') ? (
                    <Link className="font-medium hover:text-accent hover:underline" href={`/quality#${plan.queueId}`}>
                      {plan.name}
                    </Link>
                  ) : (
                    <span className="font-medium">{plan.name}</span>
                  )}
                  <span className="text-ink-3 text-label">
                    sealed <Time at={plan.sealedAt} />
                  </span>
                </p>
                <p className="text-ink-2">{plan.sentence ?? 'No statement could be made from this sample.'}</p>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </Page>
  );
}

/** For leads, live: what may be claimed so far and how far it is to the gate. Readers see it with the seal. */
function RiskLine({ risk }: { risk: Risk | undefined }) {
  const direct = risk?.residual.bounds.find((bound) => bound.class === 'direct' && bound.stratum === null);
  if (!risk || !direct) return null;
  return (
    <p className="text-ink-3 text-label">
      so far at most {percent(direct.upper, 2)} of units leaky ({count(direct.k)} of {count(direct.n)} read)
      {risk.cleanUnitsToGo === null
        ? ', the gate is met'
        : ` · ${count(risk.cleanUnitsToGo)} more clean units to the gate of ${percent(risk.gate, 2)}`}
    </p>
  );
}
