/**
 * Allowed next states. Each table is the whole truth: what it doesn't list can't happen, whoever asks.
 *
 * Release: two contracts name the states differently. `building` covers checking; `blocked` and `ready` are the two
 * outcomes of a build, told apart by the gates; approval opens downloads, so there is no separate `published`. Inputs
 * may change only by going back to `draft`, which drops the build and its approvals.
 */
export const QUEUE_STATES = ['draft', 'open', 'paused', 'sealed', 'closed'] as const;
export type QueueState = (typeof QUEUE_STATES)[number];
export const TASK_STATES = ['open', 'decided', 'sealed', 'withdrawn'] as const;
export type TaskState = (typeof TASK_STATES)[number];
export const RELEASE_STATES = ['draft', 'building', 'blocked', 'ready', 'approved', 'suspended', 'revoked'] as const;
export type ReleaseState = (typeof RELEASE_STATES)[number];

type States = { queue: QueueState; task: TaskState; release: ReleaseState };
export type Subject = keyof States;

const MOVES: { [S in Subject]: Record<States[S], readonly States[S][]> } = {
  queue: {
    draft: ['open', 'closed'],
    open: ['paused', 'sealed', 'closed'],
    paused: ['open', 'closed'],
    sealed: ['closed'],
    closed: [],
  },
  // A claim is no state: an open task is held for as long as its lease lasts. Undo reopens; a seal is for good.
  task: {
    open: ['decided', 'withdrawn'],
    decided: ['open', 'sealed', 'withdrawn'],
    sealed: ['withdrawn'],
    withdrawn: [],
  },
  release: {
    draft: ['building', 'revoked'],
    building: ['blocked', 'ready', 'draft'],
    blocked: ['draft', 'building', 'ready', 'revoked'],
    ready: ['approved', 'blocked', 'draft', 'building', 'revoked'],
    approved: ['suspended', 'revoked'],
    suspended: ['approved', 'revoked'],
    revoked: [],
  },
};

export const nextStates = <S extends Subject>(subject: S, from: States[S]): readonly States[S][] =>
  MOVES[subject][from];

export const mayMove = <S extends Subject>(subject: S, from: States[S], to: States[S]): boolean =>
  nextStates(subject, from).includes(to);

/** Files exist and never change again; every later change of inputs makes a new build. */
export const isBuilt = (state: ReleaseState): boolean =>
  state === 'blocked' || state === 'ready' || state === 'approved' || state === 'suspended';

export const isDownloadable = (state: ReleaseState): boolean => state === 'approved';

/** Leaving these for any other state makes given approvals void. */
export const dropsApprovals = (from: ReleaseState, to: ReleaseState): boolean =>
  from === 'ready' && (to === 'draft' || to === 'building' || to === 'blocked');
