import { diffWordsWithSpace } from 'diff';

/** Beyond this the comparison would hold up the page: 5,000 words take about 0.8 s. */
const MOST_CHARACTERS = 30_000;

/** What differs from the left answer to the right one, word by word. */
export function WordDiff({ left, right }: { left: string; right: string }) {
  if (left.length + right.length > MOST_CHARACTERS)
    return (
      <p className="px-6 py-4 text-ink-2">These answers are too long to compare word by word. Press d to read both.</p>
    );
  let at = 0;
  return (
    <section
      aria-label="Differences, left to right"
      className="max-w-[78ch] overflow-y-auto whitespace-pre-wrap px-6 py-4 text-read"
      dir="auto"
      translate="no"
    >
      {diffWordsWithSpace(left, right).map((part) => {
        const key = at;
        at += part.value.length + 1;
        if (part.added)
          return (
            <ins key={key} className="bg-insert">
              {part.value}
            </ins>
          );
        if (part.removed)
          return (
            <del key={key} className="bg-delete">
              {part.value}
            </del>
          );
        return <span key={key}>{part.value}</span>;
      })}
    </section>
  );
}
