import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import type { ReactNode } from 'react';
import { toTranscript } from '#components/transcript/to-transcript.ts';
import { Badge } from '#components/ui/badge.tsx';
import { ButtonLink } from '#components/ui/button.tsx';
import { Code } from '#components/ui/code-block.tsx';
import { DescriptionList } from '#components/ui/description-list.tsx';
import { bytes, count } from '#components/ui/figures.ts';
import { PageHeader, Section } from '#components/ui/section.tsx';
import { Time } from '#components/ui/time.tsx';
import { Timeline } from '#components/ui/timeline.tsx';
import { UnitReader } from '#components/units/unit-reader.tsx';
import { mayRole } from '#lib/core/policy/access.ts';
import { orNotFound } from '#lib/http/or-not-found.ts';
import { requireActor } from '#lib/http/require-actor.ts';
import { showUnit, type UnitView } from '#lib/usecases/units/show-units.ts';

export const metadata: Metadata = { title: 'Unit' };

const TONES = { success: 'pass', failure: 'fail', partial: 'warn', unknown: 'neutral' } as const;
const USES = { gold: '/gold', pair: '/pairs', release: '/releases', audit: '/audit' } as const;
const SHOWN_TAGS = [
  'level',
  'domain',
  'task',
  'lang',
  'steps',
  'calls',
  'hops',
  'width',
  'errors',
  'recovered',
  'retries',
  'turns',
  'tokens',
];

export default async function UnitPage({
  params,
  searchParams,
}: {
  params: Promise<{ unitId: string }>;
  searchParams: Promise<{ ev?: string }>;
}) {
  const actor = await requireActor('unit.read');
  const view = await orNotFound(showUnit(actor, (await params).unitId));
  if (!view) notFound();
  return (
    <div className="grid h-full min-h-0 grid-rows-[auto_minmax(0,1fr)]">
      <div className="border-line border-b px-6 py-4">
        <PageHeader
          above={<Link href="/units">Units</Link>}
          title={
            <span dir="auto" translate="no">
              {view.title}
            </span>
          }
          hint={
            <span className="flex flex-wrap items-center gap-2">
              <Badge tone={TONES[view.outcome.value as keyof typeof TONES] ?? 'neutral'} glyph>
                {view.outcome.value}
              </Badge>
              <span>
                {view.kind === 'qa' ? 'Q&A' : view.kind} · {count(view.unit.events.length)} events · version{' '}
                {view.version} · <Code>{view.id}</Code>
              </span>
              {view.isWithdrawn && <Badge tone="warn">withdrawn</Badge>}
              {!view.eligible.isEligible && <Badge tone="warn">not for SFT: {view.eligible.reasons.join(', ')}</Badge>}
            </span>
          }
          acts={
            <>
              <ButtonLink href={`/units/${encodeURIComponent(view.id)}/render`}>What the trainer sees</ButtonLink>
              {mayRole(actor.role, 'gold.propose') && !view.isWithdrawn && (
                <ButtonLink href={`/gold/${view.id}`}>Make gold</ButtonLink>
              )}
            </>
          }
        />
      </div>
      <div className="grid min-h-0 grid-cols-1 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="min-h-[60vh] min-w-0 lg:min-h-0">
          <UnitReader events={toTranscript(view.unit)} startAt={(await searchParams).ev} />
        </div>
        <aside
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by key
          tabIndex={0}
          aria-label="About this unit"
          className="flex flex-col gap-6 overflow-y-auto border-line px-5 py-4 lg:border-s"
        >
          <Facts view={view} mayImport={mayRole(actor.role, 'import.read')} />
        </aside>
      </div>
    </div>
  );
}

function Facts({ view, mayImport }: { view: UnitView; mayImport: boolean }) {
  const { provenance, governance, scan } = view;
  const tags = new Map(view.tags.map((tag) => [tag.name, tag]));
  const masks = [...Map.groupBy(view.spans, (span) => span.type)].sort((a, b) => b[1].length - a[1].length);
  const file: ReactNode = mayImport ? (
    <Link className="text-accent hover:underline" href={`/imports/${provenance.importId}`}>
      {provenance.filename}
    </Link>
  ) : (
    provenance.filename
  );
  return (
    <>
      <Section title="Tags">
        <DescriptionList
          facts={SHOWN_TAGS.flatMap((name) => {
            const tag = tags.get(name);
            return tag
              ? [
                  {
                    term: name,
                    value: (
                      <span>
                        {tag.value} <span className="text-ink-3 text-label">{tag.origin}</span>
                      </span>
                    ),
                  },
                ]
              : [];
          })}
        />
      </Section>
      <Section title="Outcome">
        <DescriptionList
          facts={[
            { term: 'value', value: view.outcome.value },
            { term: 'basis', value: view.outcome.basis.replaceAll('_', ' ') },
            { term: 'rule', value: <Code>{view.outcome.ruleId}</Code> },
            { term: 'confidence', value: String(view.outcome.confidence) },
          ]}
        />
      </Section>
      <Section title="Masks" hint={`${count(view.spans.length)} in all`}>
        {masks.length === 0 ? (
          <p className="text-ink-2">
            Nothing was found. Every byte was read: {bytes(scan.bytesScanned)} of {bytes(scan.bytesPresent)}.
          </p>
        ) : (
          <DescriptionList
            facts={masks.map(([type, spans]) => ({
              term: type.toLowerCase().replaceAll('_', ' '),
              value: (
                <span>
                  {count(spans.length)}{' '}
                  <span className="text-ink-3 text-label">
                    {[...new Set(spans.map((span) => span.detector))].slice(0, 3).join(', ')}
                  </span>
                </span>
              ),
            }))}
          />
        )}
        <p className="text-ink-3 text-label">
          Scanned {count(scan.bytesScanned)} of {count(scan.bytesPresent)} bytes, dictionary version {scan.dictVersion}.
        </p>
      </Section>
      <Section title="Provenance">
        <DescriptionList
          facts={[
            { term: 'file', value: file },
            { term: 'source', value: provenance.sourceName },
            { term: 'format', value: provenance.adapter },
            { term: 'records', value: `${count(provenance.records[0])} to ${count(provenance.records[1])}` },
            { term: 'bytes', value: `${count(provenance.bytes[0])} to ${count(provenance.bytes[1])}` },
            { term: 'trajectory', value: <Code>{provenance.trajectoryId}</Code> },
            { term: 'events', value: `${provenance.range[0]} to ${provenance.range[1]} of it` },
            { term: 'cut by', value: <Code>{provenance.cutRuleId}</Code> },
            { term: 'kind by', value: <Code>{provenance.ruleId}</Code> },
            { term: 'models', value: provenance.models.join(', ') || 'not logged' },
            { term: 'SHA-256', value: <Code>{provenance.sha256.slice(0, 16)}…</Code> },
          ]}
        />
      </Section>
      <Section title="Governance">
        <DescriptionList
          facts={[
            { term: 'purposes', value: governance.purposes.join(', ') },
            { term: 'legal basis', value: governance.legalBasis.replaceAll('_', ' ') },
            ...(governance.consentRef ? [{ term: 'consent', value: governance.consentRef }] : []),
            { term: 'region', value: governance.region },
            { term: 'recipients', value: governance.recipientsAllowed.join(', ') || 'nobody outside' },
            { term: 'kept until', value: <Time at={governance.expiresAt} /> },
          ]}
        />
      </Section>
      {view.siblings.length > 0 && (
        <Section title="Of the same session">
          <ul className="flex flex-col gap-1">
            {view.siblings.slice(0, 12).map((sibling) => (
              <li key={sibling.id} className="truncate">
                <Link className="hover:text-accent hover:underline" href={`/units/${sibling.id}`} dir="auto">
                  {sibling.title}
                </Link>
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Section title="Used in">
        {view.usedIn.length === 0 ? (
          <p className="text-ink-2">Nowhere yet.</p>
        ) : (
          <ul className="flex flex-col gap-1">
            {view.usedIn.map((use) => (
              <li key={`${use.kind}:${use.id}`}>
                <Link
                  className="text-accent hover:underline"
                  href={
                    use.kind === 'gold'
                      ? `/gold/${view.id}`
                      : use.kind === 'pair'
                        ? '/pairs'
                        : `${USES[use.kind]}/${use.id}`
                  }
                >
                  {use.kind}
                </Link>{' '}
                <span className="text-ink-2">{use.label}</span>
              </li>
            ))}
          </ul>
        )}
      </Section>
      {view.history.length > 0 && (
        <Section title="History">
          <Timeline
            label="History of this unit"
            moments={view.history.map(({ id, at, who, action }) => ({ id, at, who, what: action }))}
          />
        </Section>
      )}
    </>
  );
}
