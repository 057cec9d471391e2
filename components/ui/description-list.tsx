import { Fragment, type ReactNode } from 'react';

export type Fact = { term: ReactNode; value: ReactNode };

/** Facts as term and value, in two columns. */
export function DescriptionList({ facts }: { facts: Fact[] }) {
  return (
    <dl className="grid grid-cols-[minmax(6rem,max-content)_minmax(0,1fr)] gap-x-4 gap-y-1.5">
      {facts.map((fact, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: facts are written down in order and never move
        <Fragment key={at}>
          <dt className="text-ink-3">{fact.term}</dt>
          <dd className="min-w-0 break-words">{fact.value}</dd>
        </Fragment>
      ))}
    </dl>
  );
}
