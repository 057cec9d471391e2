'use client';
import Link from 'next/link';
import { WordDiff } from '../pairs/word-diff.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { count } from '../ui/figures.ts';
import { type Answer, useAct } from '../ui/use-act.ts';

type Side = 'prompt' | 'row';
type Member = {
  id: string;
  title: string;
  level: string;
  outcome: string;
  tokens: number;
  source: string;
  startedAtMs: number | null;
  isPicked: boolean;
};

const dayOf = (ms: number | null): string => (ms === null ? 'no time logged' : new Date(ms).toISOString().slice(0, 10));

/** Members side by side: the one that stays, then each other one with what it says otherwise. */
export function ClusterMembers({
  side,
  members,
  kept,
  texts,
  mayPick,
  onPick,
}: {
  side: Side;
  members: readonly Member[];
  kept: readonly string[];
  texts: readonly { unitId: string; text: string; isCut: boolean }[];
  mayPick: boolean;
  onPick: (input: { side: Side; unitId: string; keep: boolean }) => Promise<Answer<{ kept: boolean }>>;
}) {
  const { run, isPending, fault } = useAct();
  const textOf = new Map(texts.map((text) => [text.unitId, text]));
  const first = texts[0];
  return (
    <div className="flex flex-col gap-4">
      {fault && (
        <p role="alert" className="text-fail">
          {fault}
        </p>
      )}
      <ul className="grid grid-cols-1 gap-4 md:grid-cols-2 xl:grid-cols-3">
        {members.map(({ id, title, level, outcome, tokens, source, startedAtMs, isPicked }, at) => {
          const text = textOf.get(id);
          return (
            <li key={id} className="flex min-w-0 flex-col gap-2 rounded-md border border-line p-3">
              <div className="flex flex-wrap items-center gap-2">
                <Link
                  href={`/units/${encodeURIComponent(id)}`}
                  className="min-w-0 flex-1 truncate font-medium hover:text-accent hover:underline"
                >
                  {title}
                </Link>
                {kept.includes(id) && (
                  <Badge tone="pass" glyph>
                    {isPicked ? 'stays, by hand' : 'stays'}
                  </Badge>
                )}
              </div>
              <p className="text-ink-3 text-label">
                {level}, {outcome}, about {count(tokens)} tokens, {source}, {dayOf(startedAtMs)}
              </p>
              {text && (
                <div className="-mx-3 max-h-96 overflow-y-auto border-line border-y bg-sunken">
                  {first && first.unitId !== id ? (
                    <WordDiff left={first.text} right={text.text} label={`Differences of member ${at + 1}`} />
                  ) : (
                    <p className="whitespace-pre-wrap px-6 py-4 text-read" dir="auto" translate="no">
                      {text.text}
                    </p>
                  )}
                  {text.isCut && <p className="px-6 pb-3 text-ink-3">Cut here; the unit has the rest.</p>}
                </div>
              )}
              {mayPick && (
                <div>
                  <Button
                    disabled={isPending}
                    onClick={() =>
                      run(
                        () => onPick({ side, unitId: id, keep: !isPicked }),
                        undefined,
                        isPicked ? 'The rule decides again' : 'This one stays',
                      )
                    }
                  >
                    {isPicked ? 'Let the rule decide' : 'Keep this one'}
                  </Button>
                </div>
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
