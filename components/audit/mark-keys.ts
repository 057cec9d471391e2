import type { PiiType } from '#lib/core/pii/taxonomy.ts';
import type { ActId } from '../shell/keys.ts';

/** Letters of the type keys; the shifted one marks every equal string of the unit. */
export const TYPE_ACTS: readonly { act: ActId; all: ActId; type: PiiType }[] = [
  { act: 'audit.person', all: 'audit.person-all', type: 'PERSON' },
  { act: 'audit.email', all: 'audit.email-all', type: 'EMAIL' },
  { act: 'audit.phone', all: 'audit.phone-all', type: 'PHONE' },
  { act: 'audit.address', all: 'audit.address-all', type: 'ADDRESS' },
  { act: 'audit.id', all: 'audit.id-all', type: 'ACCOUNT_ID' },
  { act: 'audit.org', all: 'audit.org-all', type: 'ORG' },
  { act: 'audit.date', all: 'audit.date-all', type: 'DATE' },
  { act: 'audit.secret', all: 'audit.secret-all', type: 'SECRET' },
];
