import { Problem } from '#lib/core/policy/problem.ts';

/** `null` when there is no such thing for this actor; other refusals pass through to the error page. */
export const orNotFound = <T>(work: Promise<T>): Promise<T | null> =>
  work.catch((thrown: unknown) => {
    if (thrown instanceof Problem && thrown.code === 'not_found') return null;
    throw thrown;
  });
