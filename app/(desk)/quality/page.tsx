import type { Metadata } from 'next';
import { AgreementFigures } from '#components/adjudicate/agreement-figures.tsx';
import { OpenAdjudication } from '#components/adjudicate/open-button.tsx';
import { FlagList, ReaderTable } from '#components/audit/reader-table.tsx';
import { SealButton } from '#components/audit/seal-button.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Banner } from '#components/ui/banner.tsx';
import { ButtonLink } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { count, duration, percent } from '#components/ui/figures.ts';
import { Meter } from '#components/ui/meter.tsx';
import { Page } from '#components/ui/page.tsx';
import { Refresh } from '#components/ui/refresh.tsx';
import { PageHeader, Section } from '#components/ui/section.tsx';
import { Stat, StatRow } from '#components/ui/stat.tsx';
import { mayRole } from '#lib/core/policy/access.ts';
import { requireActor } from '#lib/http/require-actor.ts';
import { type Agreement, showAgreement } from '#lib/usecases/adjudicate/show-agreement.ts';
import { showFlags, showReaders } from '#lib/usecases/audit/readers.ts';
import { type Risk, showRisk } from '#lib/usecases/audit/residual-risk.ts';
import { adjudicate, seal } from '../audit/actions.ts';

export const metadata: Metadata = { title: 'Quality' };

export default async function QualityPage() {
  const actor = await requireActor('quality.read');
  const [risks, agreements, { readers, medianMs }, flags] = await Promise.all([
    showRisk(actor),
    showAgreement(actor),
    showReaders(actor),
    showFlags(actor),
  ]);
  const maySeal = mayRole(actor.role, 'queue.manage');
  return (
    <Page>
      <Refresh everyMs={2000} while={risks.some((risk) => risk.state !== 'sealed')} />
      <PageHeader
        title="Quality"
        hint="How much personal data may be left, by sample: what was read, what was found, what may be claimed."
      />
      {risks.length === 0 ? (
        <EmptyState title="Nothing was audited yet" act={<ButtonLink href="/audit">Audit</ButtonLink>}>
          A lead draws a sample; as readers decide, the bound stands here and moves.
        </EmptyState>
      ) : (
        risks.map((risk) => (
          <Plan
            key={risk.planId}
            risk={risk}
            agreement={agreements.find(({ queueId }) => queueId === risk.queueId)}
            maySeal={maySeal}
          />
        ))
      )}
      {readers.length > 0 && (
        <Section
          title="Readers"
          hint={`By name, nobody is ranked${medianMs === null ? '' : `; a decision takes ${duration(Math.max(1, Math.round(medianMs / 1000)))} at the middle`}`}
        >
          <ReaderTable rows={readers} />
        </Section>
      )}
      {flags.length > 0 && (
        <Section title="Flagged by readers" hint="Values in the notes are masked">
          <FlagList flags={flags.map(({ at, ...flag }) => ({ ...flag, at: at.toISOString() }))} />
        </Section>
      )}
    </Page>
  );
}

function Plan({ risk, agreement, maySeal }: { risk: Risk; agreement?: Agreement; maySeal: boolean }) {
  const isSealed = risk.state === 'sealed';
  const whole = risk.residual.bounds.filter((bound) => bound.stratum === null);
  const direct = whole.find((bound) => bound.class === 'direct');
  const secret = whole.find((bound) => bound.class === 'secret');
  const isMet = direct !== undefined && direct.upper <= risk.gate;
  return (
    <div id={risk.queueId}>
      <Section
        title={risk.name}
        hint={`attempt ${risk.attempt} · ${risk.design} · ${count(risk.frameUnits)} units frozen`}
        acts={
          <>
            <Badge tone={isSealed ? 'pass' : 'open'} glyph>
              {isSealed ? 'sealed' : 'being read'}
            </Badge>
            {maySeal && !isSealed && agreement && <OpenAdjudication queueId={risk.queueId} onOpen={adjudicate} />}
            {maySeal && !isSealed && (
              <SealButton
                queueId={risk.queueId}
                isReady={risk.items > 0 && risk.decided === risk.items}
                onSeal={seal}
              />
            )}
          </>
        }
      >
        {risk.residual.refused ? (
          <Banner tone="neutral" title="No bound yet">
            {risk.residual.refused.join('; ')}
          </Banner>
        ) : (
          <p className="max-w-prose text-prose">
            {!isSealed && <span className="font-medium text-ink-2">As it stands, before the seal: </span>}
            {risk.sentence}
          </p>
        )}
        <StatRow>
          <Stat
            label="direct identifiers, at most"
            value={direct ? percent(direct.upper, 2) : 'not known'}
            hint={`gate ${percent(risk.gate, 2)}, ${isMet ? 'met' : 'not met'}`}
          />
          <Stat label="secrets, at most" value={secret ? percent(secret.upper, 2) : 'not known'} />
          <Stat label="units read" value={count(direct?.n ?? 0)} hint={`${count(direct?.k ?? 0)} of them leaky`} />
          {risk.canaries.inQueue > 0 && (
            <Stat
              label="canaries found"
              value={`${count(risk.canaries.found)} of ${count(risk.canaries.planted)}`}
              hint={
                risk.residual.sensitivity
                  ? `readers find at least ${percent(risk.residual.sensitivity.lower)} of what is there; ${count(risk.canaries.inQueue)} planted`
                  : `${count(risk.canaries.inQueue)} planted, none read yet`
              }
            />
          )}
          {risk.residual.missedByBoth && (
            <Stat
              label="missed by both readers"
              value={`about ${risk.residual.missedByBoth.estimate.toFixed(1)}`}
              hint={`${risk.residual.missedByBoth.low.toFixed(1)} to ${risk.residual.missedByBoth.high.toFixed(1)}; a lower bound`}
            />
          )}
          {risk.cleanUnitsToGo !== null && (
            <Stat label="more clean units to the gate" value={count(risk.cleanUnitsToGo)} />
          )}
        </StatRow>
        <Meter
          label="readings decided"
          share={risk.items > 0 ? risk.decided / risk.items : 0}
          text={`${count(risk.decided)} of ${count(risk.items)}`}
        />
        {risk.residual.bounds.some((bound) => bound.stratum !== null) && (
          <table className="w-full max-w-2xl">
            <caption className="sr-only">Bound by stratum</caption>
            <thead>
              <tr className="border-line border-b text-left text-ink-2 text-label">
                <th className="py-1 font-medium">Stratum</th>
                <th className="font-medium">Class</th>
                <th className="text-right font-medium">Read</th>
                <th className="text-right font-medium">Leaky</th>
                <th className="text-right font-medium">At most</th>
              </tr>
            </thead>
            <tbody>
              {risk.residual.bounds
                .filter((bound) => bound.stratum !== null)
                .map((bound) => (
                  <tr key={`${bound.stratum}:${bound.class}`} className="border-line border-b">
                    <td className="py-1">{bound.stratum}</td>
                    <td>{bound.class}</td>
                    <td className="text-right tabular-nums">{count(bound.n)}</td>
                    <td className="text-right tabular-nums">{count(bound.k)}</td>
                    <td className="text-right tabular-nums">{percent(bound.upper, 2)}</td>
                  </tr>
                ))}
            </tbody>
          </table>
        )}
        {agreement && <AgreementFigures of={agreement} />}
        {risk.misses.length > 0 && (
          <p className="text-ink-2">
            Found and masked since:{' '}
            {risk.misses.map(({ type, count: n }) => `${type.toLowerCase().replaceAll('_', ' ')} ${n}`).join(', ')}.
            They stay in the count.
          </p>
        )}
        {risk.residual.assumptions.length > 0 && (
          <ul className="list-disc ps-5 text-ink-3 text-label">
            {[...risk.residual.assumptions, risk.note].map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        )}
      </Section>
    </div>
  );
}
