'use client';
import { BarList } from '../charts/bar-list.tsx';
import { Button } from '../ui/button.tsx';
import { count, percent } from '../ui/figures.ts';
import { Stat, StatRow } from '../ui/stat.tsx';
import { type Answer, useAct } from '../ui/use-act.ts';

type Trainable = 'domain' | 'task' | 'lang';
type Accuracy = {
  labelled: number;
  right: { value: number; low: number; high: number; n: number };
  majority: number;
  perLabel: { label: string; labelled: number; right: number }[];
};

/** How good the newest classifier is on labels it did not see, and what it may be used for. */
export function ModelPanel({
  tag,
  model,
  labelled,
  byModel,
  mayTrain,
  onTrain,
  onApply,
}: {
  tag: Trainable;
  model: { version: number; accuracy: Accuracy; trainedAt: string } | null;
  labelled: number;
  byModel: number;
  mayTrain: boolean;
  onTrain: (input: { tag: Trainable }) => Promise<Answer<{ version: number }>>;
  onApply: (input: { tag: Trainable }) => Promise<Answer<{ looked: number; set: number }>>;
}) {
  const { run, isPending, fault } = useAct();
  const isUseful = model !== null && model.accuracy.right.low > model.accuracy.majority;
  return (
    <div className="flex flex-col gap-3">
      {fault && (
        <p role="alert" className="text-fail">
          {fault} Training needs at least 20 labelled units of two kinds.
        </p>
      )}
      {model === null ? (
        <p className="text-ink-2">
          None yet. It learns from tags that people set here ({count(labelled)} so far) and from sealed gold; 20 of two
          kinds are the least.
        </p>
      ) : (
        <div className="grid grid-cols-1 gap-4 md:grid-cols-2">
          <StatRow>
            <Stat
              label={`${tag}@${model.version} guesses right`}
              value={percent(model.accuracy.right.value)}
              hint={`${percent(model.accuracy.right.low)} to ${percent(model.accuracy.right.high)}, n ${count(model.accuracy.labelled)}, labels it did not see`}
            />
            <Stat
              label="Always the most frequent"
              value={percent(model.accuracy.majority)}
              hint={isUseful ? 'worse, so it may be used' : 'not surely worse: it is not used'}
            />
            <Stat label="Units tagged by it" value={count(byModel)} />
          </StatRow>
          <BarList
            label="Right by value"
            most={1}
            items={model.accuracy.perLabel.slice(0, 8).map(({ label, labelled: of, right }) => ({
              id: label,
              label,
              value: of === 0 ? 0 : right / of,
              text: `${count(right)} of ${count(of)}`,
            }))}
          />
        </div>
      )}
      {mayTrain && (
        <div className="flex flex-wrap gap-2">
          <Button disabled={isPending} onClick={() => run(() => onTrain({ tag }), undefined, 'Trained and measured')}>
            {model ? 'Train again' : 'Train it'}
          </Button>
          {isUseful && (
            <Button disabled={isPending} onClick={() => run(() => onApply({ tag }), undefined, 'Where it was sure')}>
              Tag what no rule could tell
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
