/**
 * Who may do what: the only source of "may". The interface, the HTTP API, jobs and the command line all ask it
 * (docs/decisions/0002-access.md). An action without a row does not type-check.
 */
export const PROJECT_ROLES = ['reviewer', 'curator', 'lead', 'operator'] as const;
export const SITE_ROLES = ['admin', 'auditor'] as const;
export const ROLES = [...PROJECT_ROLES, ...SITE_ROLES] as const;
export type Role = (typeof ROLES)[number];

export const SCOPES = ['import', 'units', 'review', 'queue', 'release', 'ledger', 'people'] as const;
export type Scope = (typeof SCOPES)[number];

export type ObjectKind =
  | 'me'
  | 'unit'
  | 'queue'
  | 'item'
  | 'gold'
  | 'pair'
  | 'dictionary'
  | 'span'
  | 'import'
  | 'source'
  | 'quarantine'
  | 'mapping'
  | 'job'
  | 'release'
  | 'recipient'
  | 'target'
  | 'ledger'
  | 'person'
  | 'settings';

type Rule = {
  roles: readonly Role[];
  object: ObjectKind;
  /** API tokens need this scope; without one, tokens may not do it at all. */
  scope?: Scope;
  /** A token that is bound to one source may do it, for that source; without this it may not. */
  forSource?: true;
  /** Fresh sign-in, in minutes. */
  reauthMinutes?: number;
  /** Written reason of at least ten characters. */
  needsReason?: true;
  /** 'always' writes one entry an act; 'daily' one a person, object kind and day; 'never' for reads without text. */
  ledger: 'always' | 'daily' | 'never';
};

const all: readonly Role[] = ROLES;
const readers = ['reviewer', 'curator', 'lead'] as const;

export const POLICY = {
  'me.read': { roles: all, object: 'me', ledger: 'never' },
  'me.sign_out': { roles: all, object: 'me', ledger: 'always' },
  'me.confirm': { roles: all, object: 'me', ledger: 'always' },
  'me.password': { roles: all, object: 'me', reauthMinutes: 15, ledger: 'always' },
  'me.token': { roles: all, object: 'me', ledger: 'always' },
  'me.view': { roles: all, object: 'me', ledger: 'never' },
  'unit.read': { roles: readers, object: 'unit', scope: 'units', ledger: 'daily' },
  'unit.search': { roles: readers, object: 'unit', scope: 'units', ledger: 'daily' },
  'unit.retag': { roles: ['curator', 'lead'], object: 'unit', ledger: 'always' },
  'coverage.read': { roles: ['curator', 'lead'], object: 'target', ledger: 'never' },
  'target.manage': { roles: ['lead'], object: 'target', ledger: 'always' },
  'queue.list': {
    roles: ['reviewer', 'curator', 'lead', 'auditor'],
    object: 'queue',
    scope: 'review',
    ledger: 'never',
  },
  'queue.manage': { roles: ['lead'], object: 'queue', scope: 'queue', ledger: 'always' },
  'queue.decisions': { roles: ['lead', 'auditor'], object: 'queue', scope: 'queue', ledger: 'always' },
  'quality.read': { roles: ['lead', 'auditor'], object: 'queue', ledger: 'never' },
  'audit.claim': { roles: ['reviewer', 'lead'], object: 'item', scope: 'review', ledger: 'daily' },
  'audit.decide': { roles: ['reviewer', 'lead'], object: 'item', scope: 'review', ledger: 'always' },
  'adjudicate.claim': { roles: ['lead'], object: 'item', scope: 'review', ledger: 'daily' },
  'adjudicate.decide': { roles: ['lead'], object: 'item', scope: 'review', ledger: 'always' },
  'pair.claim': { roles: ['curator', 'lead'], object: 'item', scope: 'review', ledger: 'daily' },
  'pair.decide': { roles: ['curator', 'lead'], object: 'item', scope: 'review', ledger: 'always' },
  'pair.propose': { roles: ['curator', 'lead'], object: 'pair', ledger: 'always' },
  'pair.read': { roles: ['curator', 'lead'], object: 'pair', ledger: 'daily' },
  'generator.propose': { roles: ['curator', 'lead'], object: 'pair', ledger: 'always' },
  'generator.decide': { roles: ['lead'], object: 'pair', ledger: 'always' },
  'gold.read': { roles: ['curator', 'lead'], object: 'gold', ledger: 'daily' },
  'gold.propose': { roles: ['curator', 'lead'], object: 'gold', ledger: 'always' },
  'gold.accept': { roles: ['lead'], object: 'gold', ledger: 'always' },
  'decision.read': { roles: ['reviewer', 'curator', 'lead', 'auditor'], object: 'item', ledger: 'never' },
  'dictionary.read': { roles: ['curator', 'lead'], object: 'dictionary', ledger: 'never' },
  'dictionary.propose': { roles: readers, object: 'dictionary', ledger: 'always' },
  'dictionary.accept': { roles: ['lead'], object: 'dictionary', ledger: 'always' },
  'reveal.span': { roles: readers, object: 'span', needsReason: true, ledger: 'always' },
  'sweep.view': { roles: ['reviewer', 'lead'], object: 'span', ledger: 'always' },
  'import.create': { roles: ['operator'], object: 'import', scope: 'import', forSource: true, ledger: 'always' },
  'import.read': {
    roles: ['curator', 'lead', 'operator', 'auditor'],
    object: 'import',
    scope: 'import',
    forSource: true,
    ledger: 'never',
  },
  'telemetry.send': { roles: ['operator'], object: 'import', scope: 'import', forSource: true, ledger: 'daily' },
  'source.read': {
    roles: ['curator', 'lead', 'operator', 'auditor'],
    object: 'source',
    scope: 'import',
    ledger: 'never',
  },
  'source.manage': { roles: ['operator'], object: 'source', scope: 'import', ledger: 'always' },
  'quarantine.read': { roles: ['curator', 'lead', 'operator'], object: 'quarantine', scope: 'import', ledger: 'daily' },
  'quarantine.retry': { roles: ['curator', 'operator'], object: 'quarantine', scope: 'import', ledger: 'always' },
  'mapping.read': { roles: ['curator', 'lead', 'operator'], object: 'mapping', ledger: 'daily' },
  'mapping.edit': { roles: ['curator', 'lead', 'operator'], object: 'mapping', ledger: 'always' },
  'job.read': { roles: ['operator', 'admin', 'auditor'], object: 'job', ledger: 'never' },
  'job.control': { roles: ['operator'], object: 'job', ledger: 'always' },
  'release.read': { roles: ['curator', 'lead', 'auditor'], object: 'release', scope: 'release', ledger: 'never' },
  'release.draft': { roles: ['curator', 'lead'], object: 'release', ledger: 'always' },
  'release.build': { roles: ['curator', 'lead'], object: 'release', ledger: 'always' },
  'release.approve': { roles: ['lead'], object: 'release', reauthMinutes: 15, ledger: 'always' },
  'release.download': { roles: ['lead'], object: 'release', scope: 'release', ledger: 'always' },
  'release.score': { roles: ['curator', 'lead'], object: 'release', scope: 'release', ledger: 'always' },
  'release.revoke': { roles: ['lead'], object: 'release', reauthMinutes: 15, needsReason: true, ledger: 'always' },
  'recipient.read': { roles: ['curator', 'lead', 'admin', 'auditor'], object: 'recipient', ledger: 'never' },
  'recipient.manage': { roles: ['lead', 'admin'], object: 'recipient', reauthMinutes: 15, ledger: 'always' },
  'ledger.read': { roles: ['lead', 'admin', 'auditor'], object: 'ledger', scope: 'ledger', ledger: 'daily' },
  'ledger.verify': { roles: ['operator', 'admin', 'auditor'], object: 'ledger', scope: 'ledger', ledger: 'always' },
  'person.read': { roles: ['admin', 'auditor'], object: 'person', scope: 'people', ledger: 'never' },
  'person.invite': { roles: ['admin'], object: 'person', scope: 'people', reauthMinutes: 15, ledger: 'always' },
  'person.disable': { roles: ['admin'], object: 'person', reauthMinutes: 15, ledger: 'always' },
  'person.role': { roles: ['admin'], object: 'person', reauthMinutes: 15, ledger: 'always' },
  'project.read': { roles: all, object: 'settings', ledger: 'never' },
  'project.manage': { roles: ['admin'], object: 'settings', reauthMinutes: 15, ledger: 'always' },
} as const satisfies Record<string, Rule>;

export type Action = keyof typeof POLICY;

export type Refusal = { code: 'role' } | { code: 'scope' } | { code: 'reauth'; minutes: number } | { code: 'reason' };

/** What the table looks at; a proven `Actor` has it. */
export type Claimant = {
  kind: 'person' | 'token' | 'system';
  role: Role | null;
  scopes: readonly Scope[];
  /** Of a token that is bound to one source. */
  sourceId?: string | null;
  /** Milliseconds since the epoch of the last fresh sign-in. */
  reauthAtMs: number;
};

/**
 * May this actor do this? `null` is yes. Rules about the object itself (not the builder, not the proposer, own items)
 * are the use case's, after this.
 */
export function refusalOf(actor: Claimant, action: Action, nowMs: number, reason?: string): Refusal | null {
  if (actor.kind === 'system') return null;
  const rule: Rule = POLICY[action];
  if (actor.role === null || !rule.roles.includes(actor.role)) return { code: 'role' };
  if (actor.kind === 'token' && (rule.scope === undefined || !actor.scopes.includes(rule.scope)))
    return { code: 'scope' };
  if (actor.kind === 'token' && actor.sourceId && !rule.forSource) return { code: 'scope' };
  if (rule.reauthMinutes !== undefined && nowMs - actor.reauthAtMs > rule.reauthMinutes * 60_000)
    return { code: 'reauth', minutes: rule.reauthMinutes };
  if (rule.needsReason && (reason ?? '').trim().length < 10) return { code: 'reason' };
  return null;
}

/** A role's actions, for menus and for the role matrix page. */
export const actionsOf = (role: Role): Action[] =>
  (Object.keys(POLICY) as Action[]).filter((action) => (POLICY[action].roles as readonly Role[]).includes(role));

export const mayRole = (role: Role | null, action: Action): boolean =>
  role !== null && (POLICY[action].roles as readonly Role[]).includes(role);
