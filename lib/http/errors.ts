/** The only file that knows status codes. Bodies come from a fixed list: never an input, stack, path or SQL. */
import { randomUUID } from 'node:crypto';
import { ZodError } from 'zod';
import { PROBLEMS, Problem, type ProblemCode } from '#lib/core/policy/problem.ts';
import { errorFields, log } from '#lib/store/log.ts';
import { NO_STORE } from './security-headers.ts';

const STATUS: Partial<Record<ProblemCode, number>> = {
  unauthenticated: 401,
  wrong_credentials: 401,
  forbidden: 403,
  reauth_required: 403,
  origin: 403,
  not_builder: 403,
  not_proposer: 403,
  link_used: 403,
  not_found: 404,
  conflict: 409,
  claim_lost: 409,
  text_changed: 409,
  too_many_held: 409,
  offset_mismatch: 409,
  already_exists: 409,
  already_sealed: 409,
  gates_failing: 409,
  not_approved: 409,
  revoked: 410,
  too_large: 413,
  over_declared: 413,
  unsupported_media: 415,
  encoding_unknown: 415,
  source_unbound: 403,
  too_many_tries: 429,
  rate_limited: 429,
  no_space: 507,
  unavailable: 503,
  internal: 500,
};

const AWAY =
  /ECONNREFUSED|ECONNRESET|EPIPE|57P0[123]|08\d\d\d|Connection terminated|Can't reach database|timeout exceeded when trying to connect|terminating connection/;
const isUuidError = (message: string): boolean =>
  /invalid input syntax for type uuid|Error creating UUID|22P02/.test(message);

/** What any thrown thing means to the outside. */
export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  if (thrown instanceof ZodError)
    return new Problem('invalid', { fields: thrown.issues.slice(0, 8).map((issue) => issue.path.join('.')) });
  const message = thrown instanceof Error ? `${thrown.message} ${(thrown as { code?: string }).code ?? ''}` : '';
  if (AWAY.test(message)) return new Problem('unavailable');
  if (isUuidError(message)) return new Problem('not_found');
  return new Problem('internal');
}

export const statusOf = (code: ProblemCode): number => STATUS[code] ?? 422;

/** Our own frames of a stack, without its message: for tests only. */
const stackOf = (error: Error): string =>
  (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 8)
    .join('\n');

/** Logs an unexpected error without its message, which may quote data. @returns the id that the answer quotes */
export function logProblem(problem: Problem, thrown: unknown, where: string): string {
  const requestId = randomUUID();
  if (problem.code === 'internal') {
    log.error('request failed', { request: requestId, route: where, ...errorFields(thrown) });
    if (process.env.ASSAY_TEST === '1' && thrown instanceof Error) process.stderr.write(`${stackOf(thrown)}\n`);
  }
  return requestId;
}

export function problemResponse(thrown: unknown, where: string): Response {
  const problem = problemOf(thrown);
  const requestId = logProblem(problem, thrown, where);
  const headers: Record<string, string> = { ...NO_STORE };
  if (problem.code === 'unavailable') headers['Retry-After'] = '2';
  if (typeof problem.details.retryAfterSeconds === 'number')
    headers['Retry-After'] = String(problem.details.retryAfterSeconds);
  return Response.json(
    {
      error: {
        code: problem.code,
        message: PROBLEMS[problem.code],
        requestId,
        ...(Object.keys(problem.details).length > 0 ? { details: problem.details } : {}),
      },
    },
    { status: statusOf(problem.code), headers },
  );
}
