import type { PersonId, ProjectId } from '../trajectory/ids.ts';
import type { Claimant } from './access.ts';

declare const proven: unique symbol;

/**
 * Someone whose session, token or process was proven in this request. Made by `lib/store/session.ts` alone; every use
 * case takes it first. `projectId` is the project being worked in, `null` for people of the installation without one.
 */
export type Actor = Claimant & {
  readonly [proven]: true;
  personId: PersonId | null;
  name: string;
  email: string;
  projectId: ProjectId | null;
  projectName: string;
  isDemo: boolean;
  lettersOff: boolean;
  /** SHA-256 of the session id, for revoking one's own. */
  sessionSha256: string | null;
  /** Of an API token: its id, for limits. */
  tokenId: string | null;
};
