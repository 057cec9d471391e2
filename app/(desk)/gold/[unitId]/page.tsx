import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { GoldDesk } from '#components/gold/gold-desk.tsx';
import { toTranscript } from '#components/transcript/to-transcript.ts';
import { Badge } from '#components/ui/badge.tsx';
import { ButtonLink } from '#components/ui/button.tsx';
import { Page } from '#components/ui/page.tsx';
import { PageHeader, Section } from '#components/ui/section.tsx';
import { Time } from '#components/ui/time.tsx';
import { mayRole } from '#lib/core/policy/access.ts';
import { orNotFound } from '#lib/http/or-not-found.ts';
import { requireActor } from '#lib/http/require-actor.ts';
import { showGoldUnit } from '#lib/usecases/gold/show-gold.ts';
import { rule, save } from '../actions.ts';

export const metadata: Metadata = { title: 'Gold desk' };

export default async function GoldUnitPage({ params }: { params: Promise<{ unitId: string }> }) {
  const actor = await requireActor('gold.read');
  const { unitId } = await params;
  const view = await orNotFound(showGoldUnit(actor, decodeURIComponent(unitId)));
  if (!view) notFound();
  const { unit, versions, title: _title, kind, machine, ...given } = view;
  return (
    <Page wide>
      <PageHeader
        above={
          <Link href="/gold" className="hover:text-ink">
            Gold
          </Link>
        }
        title={view.title}
        hint={`${kind === 'qa' ? 'Q&A' : kind} unit, ${unit.events.length} events. Set right what the machine got wrong; another person seals it.`}
        acts={<ButtonLink href={`/units/${unitId}`}>Open the unit</ButtonLink>}
      />
      <GoldDesk
        key={`${view.open?.stamp ?? 'none'} ${versions.length}`}
        {...given}
        open={view.open}
        events={toTranscript(unit)}
        machine={{
          range: machine.range,
          kinds: machine.kinds,
          tags: machine.tags,
          spans: machine.spans.map(({ no, path, type, placeholder }) => ({ no, path, type, placeholder })),
        }}
        maySeal={mayRole(actor.role, 'gold.accept')}
        onSave={save}
        onRule={rule}
      />
      {versions.length > 0 && (
        <Section title="Versions" hint="A sealed version is never changed">
          <ul className="flex flex-col">
            {versions.map((one) => (
              <li key={one.version} className="flex items-center gap-4 border-line border-b py-1.5">
                <span className="font-medium">version {one.version}</span>
                <Badge tone={one.state === 'sealed' ? 'pass' : 'open'}>{one.state}</Badge>
                <span className="text-ink-2">
                  by {one.who}
                  {one.sealedBy && `, sealed by ${one.sealedBy}`}
                </span>
                <span className="ms-auto text-ink-3">
                  <Time at={one.at} />
                </span>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </Page>
  );
}
