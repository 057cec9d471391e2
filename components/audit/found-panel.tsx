'use client';
import { PII_TYPES, type PiiType } from '#lib/core/pii/taxonomy.ts';
import type { Mark, WrongMask } from '#lib/core/review/verdict.ts';
import { veil } from '../transcript/paint.ts';
import { Button } from '../ui/button.tsx';
import { Kbd } from '../ui/kbd.tsx';
import type { Wrong } from './audit-draft.ts';
import { TYPE_ACTS } from './mark-keys.ts';
import { OTHER_TYPES, WRONG_REASONS } from './wrong-reasons.ts';

const Drop = ({ onDrop }: { onDrop: () => void }) => (
  <button type="button" className="ms-auto min-h-6 text-ink-3 hover:text-fail" onClick={onDrop}>
    Drop
  </button>
);

export function MissedList({
  marks,
  textOf,
  onDrop,
}: {
  marks: readonly Mark[];
  textOf: (mark: Mark) => string;
  onDrop: (at: number) => void;
}) {
  return (
    <section aria-label="Missed" className="flex flex-col gap-1.5">
      <h2 className="font-semibold">Missed ({marks.length})</h2>
      {marks.length === 0 && (
        <p className="text-ink-3">Select what redaction missed, then its kind. Nothing missed: Space.</p>
      )}
      {marks.map((one, at) => (
        <p key={`${one.path}:${one.start}`} className="flex items-center gap-2">
          <span className="rounded-sm bg-sunken px-1 font-mono text-label">{PII_TYPES[one.type].chip}</span>
          <span className="font-mono text-mono">{veil(textOf(one))}</span>
          {one.doubt && <span className="text-label text-warn">in doubt</span>}
          {one.scope === 'trajectory' && <span className="text-ink-3 text-label">trajectory</span>}
          <Drop onDrop={() => onDrop(at)} />
        </p>
      ))}
    </section>
  );
}

export function WrongList({ wrong, onDrop }: { wrong: readonly Wrong[]; onDrop: (at: number) => void }) {
  if (wrong.length === 0) return null;
  return (
    <section aria-label="Wrong masks" className="flex flex-col gap-1.5">
      <h2 className="font-semibold">Wrong mask ({wrong.length})</h2>
      {wrong.map((one, at) => (
        <p key={`${one.spanId} ${one.path}:${one.start}`} className="flex items-center gap-2">
          <span className="font-mono text-mono">{one.placeholder}</span>
          <span className="text-ink-2">
            {one.why.replaceAll('_', ' ')}
            {one.to && `, is ${PII_TYPES[one.to].label}`}
          </span>
          <Drop onDrop={() => onDrop(at)} />
        </p>
      ))}
    </section>
  );
}

/** Kinds as buttons: for a chosen text, or for the right kind of a wrong mask. */
export function KindPicker({
  title,
  hint,
  isOther,
  onPick,
  onOther,
}: {
  title: string;
  hint?: string;
  /** Shows the kinds without a letter too. */
  isOther: boolean;
  onPick: (type: PiiType) => void;
  onOther: () => void;
}) {
  return (
    <section aria-label={title} className="flex flex-col gap-2">
      <h2 className="font-semibold">{title}</h2>
      <div className="flex flex-wrap gap-1.5">
        {TYPE_ACTS.map(({ act, type }) => (
          <Button key={act} size="small" onClick={() => onPick(type)}>
            {PII_TYPES[type].label}
          </Button>
        ))}
        {!isOther && (
          <Button size="small" onClick={onOther}>
            other
          </Button>
        )}
      </div>
      {isOther && (
        <section aria-label="Other kinds" className="flex flex-wrap gap-1.5">
          {OTHER_TYPES.map((type) => (
            <Button key={type} size="small" onClick={() => onPick(type)}>
              {PII_TYPES[type].label}
            </Button>
          ))}
        </section>
      )}
      {hint && <p className="text-ink-3 text-label">{hint}</p>}
    </section>
  );
}

export function MaskPanel({
  placeholder,
  isChoosing,
  shown,
  fault,
  onWrong,
  onReveal,
}: {
  placeholder: string;
  isChoosing: boolean;
  /** The value while it is revealed. */
  shown: string | null;
  fault: string | null;
  onWrong: (why: WrongMask['why']) => void;
  /** Left out for those who may not. */
  onReveal?: () => void;
}) {
  return (
    <section aria-label="The chosen mask" className="flex flex-col gap-2">
      <h2 className="font-mono font-semibold text-mono">{placeholder}</h2>
      <p className="text-ink-2">Wrong mask?</p>
      <div className="flex flex-wrap gap-1.5">
        {WRONG_REASONS.map(({ why, label }, at) => (
          <Button key={why} size="small" onClick={() => onWrong(why)}>
            {isChoosing && <Kbd keys={String(at + 1)} />} {label}
          </Button>
        ))}
      </div>
      {onReveal && (
        <Button size="small" tone="quiet" aria-keyshortcuts="r" onClick={onReveal}>
          Reveal with a reason <Kbd keys="r" />
        </Button>
      )}
      <output aria-live="polite" className="block">
        {shown !== null && (
          <span className="block rounded-sm border border-warn px-2 py-1 font-mono text-mono" translate="no">
            {shown}
          </span>
        )}
        {fault && <span className="text-fail">{fault}</span>}
      </output>
    </section>
  );
}
