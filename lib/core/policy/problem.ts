/**
 * A refusal that a person or machine is told: a code, a sentence from a fixed list, and where it may help an id, a
 * count or a field name. Never an input value. `lib/http/errors.ts` gives each code its status.
 */
export const PROBLEMS = {
  unauthenticated: 'Sign in first.',
  forbidden: 'Your role does not allow this.',
  reauth_required: 'Confirm with your password that it is you, then repeat this.',
  reason_required: 'Give a reason of at least ten characters.',
  not_found: 'There is nothing here with that id, or it is not yours.',
  invalid: 'Something in the request is missing or not of the expected form.',
  conflict: 'Somebody or something changed this meanwhile. Load it again.',
  claim_lost: 'Your claim on this item ended. Your draft is kept.',
  text_changed: 'The text of this item changed after you opened it. Read it again.',
  key_reused: 'That idempotency key was used for another request.',
  key_required: 'Send an Idempotency-Key of 1 to 128 visible ASCII characters.',
  too_many_held: 'You hold more than 50 items of this queue. Decide or release some first.',
  too_large: 'The file is larger than this installation accepts.',
  over_declared: 'More bytes arrived than were declared. The upload was refused whole.',
  length_mismatch: 'The bytes that arrived are not as many as declared. The upload was refused whole; send it again.',
  hash_mismatch:
    'The bytes that arrived have another SHA-256 than declared. The upload was refused whole; send it again.',
  offset_mismatch: 'The upload stands at another offset; continue from there.',
  bad_filename: 'A file name may not hold slashes, control characters or more than 255 bytes.',
  no_space: 'The disk is nearly full. Free some space; the upload can go on afterwards.',
  source_missing: 'Register a source first: no log is accepted without owner, purpose and legal basis.',
  source_unbound: 'Use an API token that is bound to a source; make one under "Me and my keys".',
  encoding_unknown: 'Send application/x-protobuf or application/json, plain or gzip.',
  consent_ref_required: 'The legal basis "consent" needs a consent reference.',
  already_exists: 'There is one with that name already.',
  already_sealed: 'This is sealed and cannot be changed.',
  not_builder: 'Whoever built a release cannot approve it.',
  not_proposer: 'Whoever proposed it cannot accept it.',
  gates_failing: 'A gate is failing, so this release cannot be approved.',
  not_approved: 'The release is not approved, so it cannot be downloaded.',
  revoked: 'This release was revoked.',
  link_used: 'That link was used or has ended. Ask for a new one.',
  weak_password: 'Use at least 15 characters, not a common password, your e-mail or the product name.',
  bad_email: 'That is not one plain e-mail address.',
  wrong_credentials: 'E-mail or password is wrong.',
  too_many_tries: 'Too many tries. Wait a little.',
  origin: 'The request did not come from this installation.',
  rate_limited: 'Too many requests. Wait a little.',
  unsupported_media: 'Send JSON.',
  unavailable: 'The store is not reachable just now. Nothing was lost; try again in a moment.',
  internal: 'Something went wrong on our side. Nothing was lost; quote the request id.',
} as const;
export type ProblemCode = keyof typeof PROBLEMS;

export class Problem extends Error {
  readonly code: ProblemCode;
  /** Ids, counts, field names, offsets. */
  readonly details: Readonly<Record<string, string | number | boolean | readonly string[]>>;
  constructor(code: ProblemCode, details: Problem['details'] = {}) {
    super(PROBLEMS[code]);
    this.name = 'Problem';
    this.code = code;
    this.details = details;
  }
}
