import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { Built } from '#components/releases/built.tsx';
import { GateList } from '#components/releases/gate-list.tsx';
import {
  ApproveButton,
  BuildButton,
  DownloadButton,
  RevokeButton,
  StandButton,
} from '#components/releases/release-acts.tsx';
import { ReleaseStateBadge } from '#components/releases/release-state.tsx';
import { Banner } from '#components/ui/banner.tsx';
import { DescriptionList } from '#components/ui/description-list.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { count, percent } from '#components/ui/figures.ts';
import { Page } from '#components/ui/page.tsx';
import { Refresh } from '#components/ui/refresh.tsx';
import { PageHeader, Section } from '#components/ui/section.tsx';
import { Time } from '#components/ui/time.tsx';
import { mayRole } from '#lib/core/policy/access.ts';
import { orNotFound } from '#lib/http/or-not-found.ts';
import { requireActor } from '#lib/http/require-actor.ts';
import { type ReleaseView, showRelease } from '#lib/usecases/releases/show-releases.ts';
import { approve, build, download, revoke, stand } from '../actions.ts';

export const metadata: Metadata = { title: 'Release' };

const WHY_NOT: Record<NonNullable<ReleaseView['whyNot']>, string> = {
  role: 'Only leads approve.',
  builder: 'You built this release, so you cannot approve it.',
  done: 'You approved this build.',
  blocked: 'A gate is failing, so nobody can approve it yet.',
  not_built: 'It is not built yet.',
  approved: 'It is approved.',
  revoked: 'It was revoked.',
};

export default async function ReleasePage({ params }: { params: Promise<{ releaseId: string }> }) {
  const actor = await requireActor('release.read');
  const release = await orNotFound(showRelease(actor, (await params).releaseId));
  if (!release) notFound();
  const { built, state } = release;
  const mayBuild = mayRole(actor.role, 'release.build') && ['draft', 'blocked', 'ready'].includes(state);
  const mayFetch = mayRole(actor.role, 'release.download') && state === 'approved';
  const mayRevoke = mayRole(actor.role, 'release.revoke') && !['revoked', 'building'].includes(state);
  const given = release.approvals.filter(({ counts }) => counts);
  const isSealing = state === 'ready' && given.length >= release.needed;
  const failing = release.gates.filter((gate) => gate.state === 'fail');
  return (
    <Page>
      <Refresh everyMs={2000} while={state === 'building' || isSealing} />
      <PageHeader
        above={<Link href="/releases">Releases</Link>}
        title={`${release.number}. ${release.name}`}
        hint={
          <span className="flex flex-wrap items-center gap-2">
            <ReleaseStateBadge state={state} /> for {release.purpose} · to {release.recipient} ·{' '}
            {release.filter.includes.join(' + ').toUpperCase()}
          </span>
        }
        acts={
          <>
            {mayBuild && <BuildButton releaseId={release.id} again={built !== null} onBuild={build} />}
            {built && release.whyNot === null && !isSealing && (
              <ApproveButton
                releaseId={release.id}
                standing={built.standing}
                name={release.name}
                sentence={built.sentence ?? 'No audit speaks of this release.'}
                numbers={numbersOf(release)}
                onApprove={approve}
              />
            )}
            {mayFetch && <DownloadButton releaseId={release.id} file="*" label="Download all" onDownload={download} />}
            {mayRevoke && release.state === 'suspended' && <StandButton releaseId={release.id} onStand={stand} />}
            {mayRevoke && (
              <RevokeButton
                releaseId={release.id}
                fetchedBy={[...new Set(release.downloads.map(({ name }) => name))]}
                onRevoke={revoke}
              />
            )}
          </>
        }
      />
      {state === 'revoked' && (
        <Banner tone="fail" title="Revoked: it can no longer be downloaded">
          {release.revokeReason}
        </Banner>
      )}
      {state === 'building' && (
        <Banner tone="accent" title="The worker builds and checks it" live>
          {release.run?.errorCode
            ? `Last try ended with ${release.run.errorCode}; it is tried again.`
            : 'Units are frozen, placed on their sides, written and checked.'}
        </Banner>
      )}
      {state === 'blocked' && (
        <Banner
          tone="fail"
          title={`${count(failing.length)} ${failing.length === 1 ? 'gate fails' : 'gates fail'}: nobody can approve it`}
        >
          Open the rows of a failing gate to see its cause, then build again.
        </Banner>
      )}
      {!built ? (
        <EmptyState title="Nothing is built yet">
          {mayBuild
            ? 'Build it: the units are frozen, rows are written, and every gate says what it found.'
            : 'A lead or curator builds it.'}
        </EmptyState>
      ) : (
        <>
          {built.sentence && <p className="max-w-prose text-prose">{built.sentence}</p>}
          <Section title="Gates" hint="Asked of the finished files; each opens its rows">
            <GateList releaseId={release.id} gates={release.gates} />
          </Section>
          <Section
            title="Approvals"
            hint={`${count(given.length)} of ${count(release.needed)}, by leads who did not build it`}
          >
            <Approvals release={release} isSealing={isSealing} />
          </Section>
          <Built
            built={built}
            isSealed={state === 'approved'}
            fetch={(file) =>
              mayFetch && (
                <DownloadButton releaseId={release.id} file={file} label="Download" quiet onDownload={download} />
              )
            }
          />
        </>
      )}
      <Section title="Who and when">
        <DescriptionList
          facts={[
            { term: 'Drafted', value: <When by={release.createdBy} at={release.createdAt} /> },
            ...(release.builtAt
              ? [{ term: 'Built', value: <When by={release.builtBy ?? ''} at={release.builtAt} /> }]
              : []),
            ...(release.approvedAt ? [{ term: 'Sealed', value: <Time at={release.approvedAt} /> }] : []),
            ...(release.predecessor
              ? [
                  {
                    term: 'After',
                    value: (
                      <Link href={`/releases/${release.predecessor.id}`}>release {release.predecessor.number}</Link>
                    ),
                  },
                ]
              : []),
            ...release.downloads.map(({ name, file, at }) => ({
              term: 'Downloaded',
              value: (
                <>
                  {file === '*' ? 'all files' : file} · <When by={name} at={at} />
                </>
              ),
            })),
          ]}
        />
      </Section>
    </Page>
  );
}

const When = ({ by, at }: { by: string; at: string }) => (
  <>
    {by} · <Time at={at} />
  </>
);

function Approvals({ release, isSealing }: { release: ReleaseView; isSealing: boolean }) {
  const missing = release.needed - release.approvals.filter(({ counts }) => counts).length;
  return (
    <ul className="flex flex-col gap-1">
      {release.approvals.map(({ name, at, counts }) => (
        <li key={`${name}${at}`} className={counts ? '' : 'text-ink-3'}>
          {counts ? '✓' : '–'} {name} · <Time at={at} />
          {!counts && ' · of an earlier build or another reason, no longer counts'}
        </li>
      ))}
      {missing > 0 && (
        <li>
          ○ {count(missing)} more {missing === 1 ? 'lead' : 'leads'} who did not build it
        </li>
      )}
      {isSealing && <li>The worker signs the manifest.</li>}
      {release.whyNot && <li className="text-ink-2">{WHY_NOT[release.whyNot]}</li>}
    </ul>
  );
}

function numbersOf({ built, gates }: ReleaseView): { label: string; value: string }[] {
  const value = (name: string) => gates.find(({ gate }) => gate === name)?.value ?? 'not known';
  const direct = built?.measured.find((row) => row.class === 'direct')?.upper95;
  return [
    { label: 'rows', value: count(built?.rows ?? 0) },
    { label: 'direct identifiers, at most', value: direct == null ? 'not known' : percent(direct, 2) },
    { label: 'secrets', value: value('secrets') },
    { label: 'leakage', value: value('leakage') },
    { label: 'units', value: count(built?.units ?? 0) },
  ];
}
