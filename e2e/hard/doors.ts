/**
 * Every page, API route and server action, and the action of the policy table that opens it. The spec compares this list
 * with the manifests of the build: a door without a row fails.
 */
import { randomUUID } from 'node:crypto';
import type { Action } from '#lib/core/policy/access.ts';

/** Real objects of the first project; whoever works in another one must not find them. */
export type Objects = {
  importId: string;
  runId: string;
  unitId: string;
  auditQueueId: string;
  pairQueueId: string;
  taskId: string;
  sourceId: string;
  releaseId: string;
  personId: string;
};

export type PageDoor = {
  action: Action | 'public' | 'anyone signed in';
  path(of: Objects): string;
  /** For whoever may; 200 when left out. */
  status?: number;
  /** For someone of another project; as for whoever may when left out. */
  foreign?: number;
};

const uuid = () => randomUUID();
const NOWHERE = '/';

export const PAGES: Record<string, PageDoor> = {
  '/': { action: 'me.read', path: () => NOWHERE },
  '/me': { action: 'me.read', path: () => '/me' },
  '/not-allowed': { action: 'anyone signed in', path: () => '/not-allowed' },
  '/sign-in': { action: 'public', path: () => '/sign-in' },
  '/setup': { action: 'public', path: () => '/setup', status: 404 },
  '/invite/[token]': { action: 'public', path: () => '/invite/unknown' },
  '/audit': { action: 'queue.list', path: () => '/audit' },
  '/audit/[queueId]': { action: 'audit.claim', path: (of) => `/audit/${of.auditQueueId}`, foreign: 404 },
  '/adjudicate/[queueId]': {
    action: 'adjudicate.claim',
    path: (of) => `/adjudicate/${of.pairQueueId}`,
    status: 404,
  },
  '/gold': { action: 'gold.read', path: () => '/gold' },
  '/gold/score': { action: 'gold.read', path: () => '/gold/score' },
  '/gold/[unitId]': {
    action: 'gold.read',
    path: (of) => `/gold/${encodeURIComponent(of.unitId)}`,
    foreign: 404,
  },
  '/imports': { action: 'import.read', path: () => '/imports' },
  '/imports/[importId]': { action: 'import.read', path: (of) => `/imports/${of.importId}`, foreign: 404 },
  '/jobs': { action: 'job.read', path: () => '/jobs' },
  '/jobs/[runId]': { action: 'job.read', path: (of) => `/jobs/${of.runId}`, foreign: 404 },
  '/ledger': { action: 'ledger.read', path: () => '/ledger' },
  '/pairs': { action: 'pair.read', path: () => '/pairs' },
  '/pairs/render/[pairId]': { action: 'pair.read', path: () => '/pairs/render/unknown', status: 404 },
  '/pairs/new': { action: 'pair.read', path: () => '/pairs/new' },
  '/pairs/[queueId]': { action: 'pair.claim', path: (of) => `/pairs/${of.pairQueueId}`, foreign: 404 },
  '/quality': { action: 'quality.read', path: () => '/quality' },
  '/quarantine': { action: 'quarantine.read', path: () => '/quarantine' },
  '/quarantine/map': { action: 'mapping.edit', path: () => '/quarantine/map?reason=unknown_format' },
  '/settings/people': { action: 'person.read', path: () => '/settings/people' },
  '/coverage': { action: 'coverage.read', path: () => '/coverage' },
  '/coverage/mix': { action: 'coverage.read', path: () => '/coverage/mix' },
  '/coverage/clusters': { action: 'unit.read', path: () => '/coverage/clusters' },
  '/coverage/clusters/[clusterId]': { action: 'unit.read', path: () => '/coverage/clusters/unknown', status: 404 },
  '/releases': { action: 'release.read', path: () => '/releases' },
  '/releases/new': { action: 'release.draft', path: () => '/releases/new' },
  '/releases/[releaseId]': { action: 'release.read', path: (of) => `/releases/${of.releaseId}`, foreign: 404 },
  '/releases/[releaseId]/gates/[gate]': {
    action: 'release.read',
    path: (of) => `/releases/${of.releaseId}/gates/residual`,
    foreign: 404,
  },
  '/settings/dictionaries': { action: 'dictionary.read', path: () => '/settings/dictionaries' },
  '/settings/dictionaries/[entryId]': {
    action: 'dictionary.read',
    path: () => `/settings/dictionaries/${uuid()}`,
    status: 404,
  },
  '/settings/recipients': { action: 'recipient.read', path: () => '/settings/recipients' },
  '/sweep/[queueId]': { action: 'sweep.view', path: (of) => `/sweep/${of.pairQueueId}`, status: 404 },
  '/steps': { action: 'unit.retag', path: () => '/steps' },
  '/steps/[unitId]': {
    action: 'unit.retag',
    path: (of) => `/steps/${encodeURIComponent(of.unitId)}`,
    foreign: 404,
  },
  '/tags': { action: 'unit.read', path: () => '/tags' },
  '/units': { action: 'unit.search', path: () => '/units' },
  '/units/[unitId]/render': {
    action: 'unit.read',
    path: (of) => `/units/${encodeURIComponent(of.unitId)}/render`,
    foreign: 404,
  },
  '/units/[unitId]': {
    action: 'unit.read',
    path: (of) => `/units/${encodeURIComponent(of.unitId)}`,
    foreign: 404,
  },
};

export const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export type Method = (typeof METHODS)[number] | 'HEAD';
export type ApiDoor = {
  action: Action | 'public';
  status: number;
  foreign?: number;
  /** What the action is follows from the object, so someone of another project learns only that it is not there. */
  isHidden?: true;
  body?(of: Objects): unknown;
  headers?(): Record<string, string>;
};
export type ApiRoute = { path(of: Objects): string; methods: Partial<Record<Method, ApiDoor>> };

const audit = { kind: 'audit', verdict: 'clean', leaks: [], wrongMasks: [] };
const release = (of: Objects, rest = '') => `/api/v1/releases/${of.releaseId}${rest}`;

export const API: Record<string, ApiRoute> = {
  '/api/auth/[...nextauth]': {
    path: () => '/api/auth/csrf',
    methods: { GET: { action: 'public', status: 200 }, POST: { action: 'public', status: 400 } },
  },
  '/api/csp-report': { path: () => '/api/csp-report', methods: { POST: { action: 'public', status: 204 } } },
  '/api/health': { path: () => '/api/health', methods: { GET: { action: 'public', status: 200 } } },
  '/api/v1/setup': {
    path: () => '/api/v1/setup',
    methods: { GET: { action: 'public', status: 404 }, POST: { action: 'public', status: 404, body: () => ({}) } },
  },
  '/api/v1/invites/accept': {
    path: () => '/api/v1/invites/accept',
    methods: {
      POST: {
        action: 'public',
        status: 403, // that link was never given
        body: () => ({ token: 'never-given', name: 'Nobody', password: 'a long enough phrase 1' }),
      },
    },
  },
  '/api/v1/invites': {
    path: () => '/api/v1/invites',
    methods: {
      POST: {
        action: 'person.invite',
        status: 201,
        body: () => ({ email: `${uuid()}@brightwater.example`, role: 'reviewer' }),
      },
    },
  },
  '/api/v1/users': { path: () => '/api/v1/users', methods: { GET: { action: 'person.read', status: 200 } } },
  '/api/v1/tokens': {
    path: () => '/api/v1/tokens',
    methods: {
      POST: { action: 'me.token', status: 201, body: () => ({ name: 'matrix', scopes: ['review'], days: 1 }) },
    },
  },
  '/api/v1/sources': {
    path: () => '/api/v1/sources',
    methods: {
      GET: { action: 'source.read', status: 200 },
      POST: {
        action: 'source.manage',
        status: 201,
        body: () => ({
          name: `source ${uuid()}`,
          controller: 'Brightwater Outfitters',
          legalBasis: 'contract',
          purposes: ['model-training'],
          region: 'EU',
          recipientsAllowed: [],
          retention: { raw: 30, redacted: 365 },
        }),
      },
    },
  },
  '/api/v1/imports': {
    path: () => '/api/v1/imports',
    methods: {
      GET: { action: 'import.read', status: 200 },
      POST: {
        action: 'import.create',
        status: 201,
        foreign: 422, // that source is not theirs
        body: (of) => ({
          sourceId: of.sourceId,
          filename: 'matrix.jsonl',
          size: 10,
          sha256: (uuid() + uuid()).replaceAll('-', ''),
        }),
      },
    },
  },
  '/api/v1/imports/[importId]': {
    path: (of) => `/api/v1/imports/${of.importId}`,
    methods: {
      GET: { action: 'import.read', status: 200, foreign: 404 },
      DELETE: { action: 'import.create', status: 409, foreign: 404 }, // it is complete
    },
  },
  '/api/v1/imports/[importId]/content': {
    path: (of) => `/api/v1/imports/${of.importId}/content`,
    methods: {
      HEAD: { action: 'import.create', status: 200, foreign: 404 },
      PATCH: {
        action: 'import.create',
        status: 409,
        foreign: 404,
        headers: () => ({ 'upload-offset': '0', 'content-type': 'application/octet-stream' }),
      },
    },
  },
  '/api/v1/imports/[importId]/complete': {
    path: (of) => `/api/v1/imports/${of.importId}/complete`,
    methods: { POST: { action: 'import.create', status: 202, foreign: 404 } },
  },
  '/v1/traces': {
    path: () => '/v1/traces',
    methods: { POST: { action: 'telemetry.send', status: 403, body: () => ({}) } }, // the token is bound to no source
  },
  '/v1/logs': {
    path: () => '/v1/logs',
    methods: { POST: { action: 'telemetry.send', status: 403, body: () => ({}) } },
  },
  '/api/v1/queues': { path: () => '/api/v1/queues', methods: { GET: { action: 'queue.list', status: 200 } } },
  '/api/v1/queues/[queueId]/claim': {
    path: (of) => `/api/v1/queues/${of.auditQueueId}/claim`,
    methods: { POST: { action: 'audit.claim', status: 204, foreign: 404, isHidden: true, body: () => ({}) } },
  },
  '/api/v1/items/[itemId]/decisions': {
    path: (of) => `/api/v1/items/${of.taskId}/decisions`,
    methods: {
      POST: {
        action: 'audit.decide',
        status: 409, // not claimed
        foreign: 404,
        isHidden: true,
        body: () => ({ claimToken: uuid(), decision: audit }),
        headers: () => ({ 'idempotency-key': uuid() }),
      },
    },
  },
  '/api/v1/items/[itemId]/heartbeat': {
    path: (of) => `/api/v1/items/${of.taskId}/heartbeat`,
    methods: { POST: { action: 'queue.list', status: 409, body: () => ({ claimToken: uuid() }) } },
  },
  '/api/v1/items/[itemId]/release': {
    path: (of) => `/api/v1/items/${of.taskId}/release`,
    methods: { POST: { action: 'queue.list', status: 204, body: () => ({ claimToken: uuid() }) } },
  },
  '/api/v1/claims/beat': {
    path: () => '/api/v1/claims/beat',
    methods: { POST: { action: 'queue.list', status: 200, body: () => ({ claims: [] }) } },
  },
  '/api/v1/claims/release': {
    path: () => '/api/v1/claims/release',
    methods: { POST: { action: 'queue.list', status: 204, body: () => ({ claims: [] }) } },
  },
  '/api/v1/decisions': {
    path: () => '/api/v1/decisions',
    methods: {
      POST: {
        action: 'audit.decide',
        status: 200, // each verdict is answered by itself: these by claim_lost or not_found
        isHidden: true,
        body: (of) => ({
          events: [
            {
              id: uuid(),
              taskId: of.taskId,
              claimToken: uuid(),
              unitHash: 'a'.repeat(64),
              kind: 'audit',
              payload: audit,
              at: '2026-01-01T00:00:00.000Z',
              activeMs: 900,
            },
          ],
        }),
      },
    },
  },
  '/api/v1/reveal': {
    path: () => '/api/v1/reveal',
    methods: {
      POST: {
        action: 'reveal.span',
        status: 409, // not claimed
        body: (of) => ({ taskId: of.taskId, placeholder: '[PERSON_1]', code: 'other', reason: 'to check the mask' }),
      },
    },
  },
  '/api/v1/releases': {
    path: () => '/api/v1/releases',
    methods: {
      GET: { action: 'release.read', status: 200 },
      POST: {
        action: 'release.draft',
        status: 422, // nobody is registered under that id
        body: () => ({ name: 'matrix', purpose: 'model-training', recipientId: uuid(), includes: ['sft'] }),
      },
    },
  },
  '/api/v1/releases/[releaseId]': {
    path: (of) => release(of),
    methods: { GET: { action: 'release.read', status: 200, foreign: 404 } },
  },
  '/api/v1/releases/[releaseId]/build': {
    path: (of) => release(of, '/build'),
    methods: { POST: { action: 'release.build', status: 409, foreign: 404 } },
  },
  '/api/v1/releases/[releaseId]/scores': {
    path: (of) => release(of, '/scores'),
    methods: {
      POST: { action: 'release.score', status: 200, foreign: 404, body: () => ({ scores: [{ id: 'none', loss: 1 }] }) },
    },
  },
  '/api/v1/releases/[releaseId]/approvals': {
    path: (of) => release(of, '/approvals'),
    methods: {
      POST: {
        action: 'release.approve',
        status: 409,
        foreign: 404,
        body: () => ({ standing: 'a'.repeat(64), name: 'matrix' }),
      },
    },
  },
  '/api/v1/releases/[releaseId]/revoke': {
    path: (of) => release(of, '/revoke'),
    methods: {
      POST: { action: 'release.revoke', status: 409, foreign: 404, body: () => ({ reason: 'a reason in writing' }) },
    },
  },
  '/api/v1/releases/[releaseId]/downloads': {
    path: (of) => release(of, '/downloads'),
    methods: { POST: { action: 'release.download', status: 410, foreign: 404, body: () => ({}) } },
  },
  '/api/v1/releases/[releaseId]/downloads/[nonce]': {
    path: (of) => release(of, '/downloads/never-given'),
    methods: { GET: { action: 'release.download', status: 410, foreign: 404 } },
  },
};

export type ActionDoor = {
  action: Action | 'anyone signed in';
  input(of: Objects): unknown;
  /** Code of the answer for whoever may; `ok` when it succeeds. */
  answer: string;
  foreign?: string;
};

const newRecipient = () => ({
  name: `lab ${uuid()}`,
  region: 'EU',
  purposes: ['model-training'],
  agreementDate: '2026-01-01',
  agreementExpires: '2036-01-01',
});

/** One that can't be used, for a reason of `faultsOf`. */
const mapping = (_fault: 'needs_talk') => ({ kind: 'json', fields: [{ at: '/a', is: 'conversation' }], speakers: [] });

/** Server actions by file and exported name. */
export const ACTIONS: Record<string, ActionDoor> = {
  'app/(desk)/audit/actions.ts#draw': {
    action: 'queue.manage',
    input: (of) => ({ name: 'matrix', sampleSize: 1, design: 'random', importId: of.runId }),
    answer: 'invalid', // no unit is of that import
  },
  'app/(desk)/audit/actions.ts#seal': {
    action: 'queue.manage',
    input: (of) => ({ queueId: of.pairQueueId }),
    answer: 'not_found',
  },
  'app/(desk)/audit/actions.ts#adjudicate': {
    action: 'queue.manage',
    input: (of) => ({ queueId: of.pairQueueId }),
    answer: 'not_found',
  },
  'app/(desk)/audit/actions.ts#sweep': {
    action: 'queue.manage',
    input: () => ({ name: 'matrix', limit: 1 }),
    answer: 'invalid', // nothing is in doubt
  },
  'app/(desk)/gold/actions.ts#save': {
    action: 'gold.propose',
    input: (of) => ({
      unitId: of.unitId,
      unitHash: 'a'.repeat(64),
      stamp: null,
      body: {
        range: [0, 1],
        kinds: [],
        tags: { level: 'L0', domain: 'shop', lang: 'en', task: 'answer', outcome: 'unknown' },
        missed: [],
        wrong: [],
      },
      rubric: {},
      propose: false,
    }),
    answer: 'text_changed',
    foreign: 'not_found',
  },
  'app/(desk)/gold/actions.ts#rule': {
    action: 'gold.accept',
    input: (of) => ({ unitId: of.unitId, stamp: '2026-01-01T00:00:00.000Z', accept: true, rubric: {} }),
    answer: 'not_found',
  },
  'app/(desk)/actions.ts#confirm': {
    action: 'me.confirm',
    input: () => ({ password: 'not the one that was set' }),
    answer: 'wrong_credentials',
  },
  'app/(desk)/imports/actions.ts#register': {
    action: 'source.manage',
    input: () => ({
      name: `source ${uuid()}`,
      controller: 'Brightwater Outfitters',
      legalBasis: 'consent',
      purposes: ['model-training'],
      region: 'EU',
      recipientsAllowed: [],
      retention: { raw: 30, redacted: 365 },
    }),
    answer: 'consent_ref_required',
  },
  'app/(desk)/imports/actions.ts#change': {
    action: 'source.manage',
    input: (of) => ({
      sourceId: of.sourceId,
      controller: 'Brightwater Outfitters',
      legalBasis: 'consent',
      purposes: ['model-training'],
      region: 'EU',
      recipientsAllowed: [],
      retention: { raw: 30, redacted: 365 },
    }),
    answer: 'consent_ref_required',
  },
  'app/(desk)/imports/actions.ts#control': {
    action: 'job.control',
    input: (of) => ({ runId: of.runId, what: 'cancel' }),
    answer: 'conflict',
    foreign: 'not_found',
  },
  'app/(desk)/quarantine/actions.ts#retry': {
    action: 'quarantine.retry',
    input: (of) => ({ reason: 'unknown_format', importId: of.importId }),
    answer: 'not_found', // nothing of it was refused
  },
  'app/(desk)/quarantine/actions.ts#preview': {
    action: 'mapping.read',
    input: (of) => ({ mapping: mapping('needs_talk'), of: { importId: of.importId } }),
    answer: 'invalid',
  },
  'app/(desk)/quarantine/actions.ts#save': {
    action: 'mapping.edit',
    input: () => ({ name: 'matrix', mapping: mapping('needs_talk') }),
    answer: 'invalid',
  },
  'app/(desk)/ledger/actions.ts#check': { action: 'ledger.verify', input: () => ({}), answer: 'ok' },
  'app/(desk)/pairs/actions.ts#edit': {
    action: 'pair.decide',
    input: () => ({ taskId: uuid(), claimToken: uuid(), side: 'a', text: 'Another answer.' }),
    answer: 'not_found',
  },
  'app/(desk)/pairs/actions.ts#find': { action: 'pair.propose', input: () => ({}), answer: 'ok' },
  'app/(desk)/pairs/actions.ts#makeQueue': {
    action: 'queue.manage',
    input: () => ({ name: 'matrix', sources: ['rank'], limit: 1 }),
    answer: 'invalid',
  },
  'app/(desk)/pairs/new/actions.ts#propose': {
    action: 'generator.propose',
    input: () => ({ name: 'matrix', rule: 'wrong_tool', capShare: 0.1 }),
    answer: 'ok',
  },
  'app/(desk)/pairs/new/actions.ts#decideOn': {
    action: 'generator.decide',
    input: () => ({ id: uuid(), decision: 'retire' }),
    answer: 'not_found',
  },
  'app/(desk)/tags/actions.ts#correct': {
    action: 'unit.retag',
    input: () => ({ tag: 'domain', value: 'billing', unitIds: ['unknown'] }),
    answer: 'not_found',
  },
  'app/(desk)/tags/actions.ts#train': { action: 'unit.retag', input: () => ({ tag: 'lang' }), answer: 'invalid' },
  'app/(desk)/tags/actions.ts#applyGuesses': {
    action: 'unit.retag',
    input: () => ({ tag: 'lang' }),
    answer: 'not_found',
  },
  'app/(desk)/settings/people/actions.ts#invite': {
    action: 'person.invite',
    input: () => ({ email: `${uuid()}@brightwater.example`, role: 'reviewer' }),
    answer: 'ok',
  },
  'app/(desk)/settings/people/actions.ts#setState': {
    action: 'person.disable',
    input: () => ({ personId: uuid(), state: 'disabled' }),
    answer: 'not_found',
  },
  'app/(desk)/settings/people/actions.ts#setRole': {
    action: 'person.role',
    input: () => ({ personId: uuid(), role: 'reviewer' }),
    answer: 'not_found',
  },
  'app/(desk)/steps/actions.ts#mark': {
    action: 'unit.retag',
    input: (of) => ({ unitId: of.unitId, unitHash: 'a'.repeat(64), marks: [] }),
    answer: 'text_changed',
    foreign: 'not_found',
  },
  'app/(desk)/units/actions.ts#save': {
    action: 'me.view',
    input: () => ({ page: 'units', name: 'matrix', query: '' }),
    answer: 'ok',
  },
  'app/(desk)/units/actions.ts#drop': { action: 'me.view', input: () => ({ id: uuid() }), answer: 'ok' },
  'app/(desk)/me/actions.ts#make': {
    action: 'me.token',
    input: () => ({ name: 'matrix', scopes: ['review'], days: 1 }),
    answer: 'ok',
  },
  'app/(desk)/me/actions.ts#revoke': { action: 'me.token', input: () => ({ id: uuid() }), answer: 'not_found' },
  'app/(desk)/coverage/actions.ts#set': {
    action: 'target.manage',
    input: () => ({ name: 'matrix', base: 99, targets: [{ at: { level: 'L1' }, rows: 5 }] }),
    answer: 'conflict',
  },
  'app/(desk)/coverage/clusters/actions.ts#pick': {
    action: 'unit.retag',
    input: () => ({ side: 'prompt', unitId: 'unknown', keep: true }),
    answer: 'not_found',
  },
  'app/(desk)/releases/actions.ts#draft': {
    action: 'release.draft',
    input: () => ({ name: 'matrix', purpose: 'model-training', recipientId: uuid(), includes: ['sft'] }),
    answer: 'invalid',
  },
  'app/(desk)/releases/actions.ts#build': {
    action: 'release.build',
    input: (of) => ({ releaseId: of.releaseId }),
    answer: 'conflict',
    foreign: 'not_found',
  },
  'app/(desk)/releases/actions.ts#approve': {
    action: 'release.approve',
    input: (of) => ({ releaseId: of.releaseId, standing: 'a'.repeat(64), name: 'matrix' }),
    answer: 'conflict',
    foreign: 'not_found',
  },
  'app/(desk)/releases/actions.ts#waive': {
    action: 'release.approve',
    input: (of) => ({ releaseId: of.releaseId, gate: 'residual', reason: 'a reason in writing' }),
    answer: 'conflict',
    foreign: 'not_found',
  },
  'app/(desk)/releases/actions.ts#revoke': {
    action: 'release.revoke',
    input: (of) => ({ releaseId: of.releaseId, reason: 'a reason in writing' }),
    answer: 'conflict',
    foreign: 'not_found',
  },
  'app/(desk)/releases/actions.ts#stand': {
    action: 'release.revoke',
    input: (of) => ({ releaseId: of.releaseId, reason: 'a reason in writing' }),
    answer: 'conflict',
    foreign: 'not_found',
  },
  'app/(desk)/releases/actions.ts#download': {
    action: 'release.download',
    input: (of) => ({ releaseId: of.releaseId, file: 'rows.jsonl' }),
    answer: 'revoked',
    foreign: 'not_found',
  },
  'app/(desk)/settings/recipients/actions.ts#register': {
    action: 'recipient.manage',
    input: newRecipient,
    answer: 'ok',
  },
  'app/(desk)/settings/dictionaries/actions.ts#propose': {
    action: 'dictionary.propose',
    input: () => ({ value: `Zwirn${uuid()}`, type: 'PERSON' }),
    answer: 'ok',
  },
  'app/(desk)/settings/dictionaries/actions.ts#preview': {
    action: 'dictionary.propose',
    input: () => ({ id: uuid() }),
    answer: 'not_found',
  },
  'app/(desk)/settings/dictionaries/actions.ts#undo': {
    action: 'dictionary.accept',
    input: () => ({ id: uuid() }),
    answer: 'not_found',
  },
  'app/(desk)/settings/dictionaries/actions.ts#decide': {
    action: 'dictionary.accept',
    input: () => ({ id: uuid(), accept: true }),
    answer: 'not_found',
  },
};

/** Actions that answer with a redirect and change only the caller's own session. */
export const OWN_SESSION_ACTIONS = ['app/(desk)/actions.ts#workIn', 'app/(desk)/actions.ts#leave'];
