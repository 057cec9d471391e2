/** The places of the app and who sees them: an entry is shown when the role may do the act it names. */
import { type Action, mayRole, type Role } from '#lib/core/policy/access.ts';

export type NavIcon =
  | 'home'
  | 'audit'
  | 'adjudicate'
  | 'gold'
  | 'pairs'
  | 'tags'
  | 'units'
  | 'coverage'
  | 'quality'
  | 'releases'
  | 'imports'
  | 'jobs'
  | 'quarantine'
  | 'erasure'
  | 'ledger'
  | 'settings';
export type NavItem = { href: string; label: string; icon: NavIcon; keys?: string; count?: number };
export type NavGroup = { label: string; items: NavItem[] };

type Place = NavItem & { act: Action };
const PLACES: { label: string; places: Place[] }[] = [
  {
    label: 'Work',
    places: [
      { href: '/', label: 'Home', icon: 'home', keys: 'g h', act: 'me.read' },
      { href: '/audit', label: 'Audit', icon: 'audit', keys: 'g a', act: 'queue.list' },
      { href: '/gold', label: 'Gold', icon: 'gold', keys: 'g o', act: 'gold.read' },
      { href: '/pairs', label: 'Pairs', icon: 'pairs', keys: 'g p', act: 'pair.read' },
      { href: '/steps', label: 'Steps', icon: 'adjudicate', act: 'unit.retag' },
    ],
  },
  {
    label: 'Data',
    places: [
      { href: '/units', label: 'Units', icon: 'units', keys: 'g u', act: 'unit.search' },
      { href: '/coverage', label: 'Coverage', icon: 'coverage', keys: 'g c', act: 'coverage.read' },
      { href: '/tags', label: 'Tags', icon: 'tags', act: 'unit.retag' },
      { href: '/quality', label: 'Quality', icon: 'quality', keys: 'g q', act: 'quality.read' },
      { href: '/releases', label: 'Releases', icon: 'releases', keys: 'g r', act: 'release.read' },
    ],
  },
  {
    label: 'Operations',
    places: [
      { href: '/imports', label: 'Imports', icon: 'imports', keys: 'g i', act: 'import.read' },
      { href: '/jobs', label: 'Jobs', icon: 'jobs', keys: 'g j', act: 'job.read' },
      { href: '/quarantine', label: 'Quarantine', icon: 'quarantine', act: 'quarantine.read' },
    ],
  },
  {
    label: 'Account',
    places: [
      { href: '/ledger', label: 'Ledger', icon: 'ledger', act: 'ledger.read' },
      { href: '/settings/dictionaries', label: 'Dictionaries', icon: 'tags', act: 'dictionary.read' },
      { href: '/settings/recipients', label: 'Recipients', icon: 'settings', act: 'recipient.read' },
      { href: '/settings/people', label: 'People', icon: 'settings', act: 'person.read' },
    ],
  },
];

/** @param counts how many wait, by href */
export function navigationFor(role: Role | null, counts: Readonly<Record<string, number>> = {}): NavGroup[] {
  return PLACES.map(({ label, places }) => ({
    label,
    items: places
      .filter(({ act }) => mayRole(role, act))
      .map(({ act: _, ...item }) => ({ ...item, ...(counts[item.href] ? { count: counts[item.href] } : {}) })),
  })).filter(({ items }) => items.length > 0);
}
