'use client';
import { useId, useState } from 'react';
import type { PaintedBranch, Piece } from '#lib/core/training/painted.ts';
import { count } from '../ui/figures.ts';
import { Checkbox } from '../ui/input.tsx';

const NAMES = { row: 'The row', chosen: 'Chosen', rejected: 'Rejected' } as const;

/** A rendered text with what is trained on filled and marked LOSS; special tokens stand apart. */
export function TrainerView({ branches }: { branches: readonly PaintedBranch[] }) {
  const [showsSpaces, setShowsSpaces] = useState(false);
  const spaces = useId();
  return (
    <div className="flex flex-col gap-4">
      <label className="flex items-center gap-2" htmlFor={spaces}>
        <Checkbox id={spaces} checked={showsSpaces} onChange={(event) => setShowsSpaces(event.currentTarget.checked)} />
        Draw spaces and line ends
      </label>
      <div className={branches.length > 1 ? 'grid gap-4 lg:grid-cols-2' : ''}>
        {branches.map((branch) => (
          <Branch key={branch.name} branch={branch} showsSpaces={showsSpaces} />
        ))}
      </div>
    </div>
  );
}

function Branch({ branch, showsSpaces }: { branch: PaintedBranch; showsSpaces: boolean }) {
  const { name, pieces, characters, tokens, cutCharacters } = branch;
  return (
    <section aria-label={`${NAMES[name]} as the trainer sees it`} className="min-w-0">
      <h2 className="mb-2 flex items-baseline gap-2 font-medium">
        {NAMES[name]}
        <span className="font-normal text-ink-2 text-label">
          {tokens
            ? `${count(tokens.all)} tokens, ${count(tokens.trained)} in the loss`
            : `${count(characters)} characters, no tokenizer of this family at hand`}
        </span>
      </h2>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by key
        tabIndex={0}
        className="max-h-[70vh] overflow-auto whitespace-pre-wrap break-words rounded-md [font-variant-ligatures:none] border border-line bg-surface p-3 font-mono text-mono"
        translate="no"
        dir="auto"
      >
        {runs(pieces).map((run) =>
          run[0]!.isTrained ? (
            <mark key={run[0]!.at} className="border-accent border-s-4 bg-loss ps-1 text-ink">
              <span className="me-1 select-none font-semibold text-ink text-label">LOSS</span>
              {run.map((piece) => (
                <Text key={piece.at} piece={piece} showsSpaces={showsSpaces} />
              ))}
            </mark>
          ) : (
            run.map((piece) => <Text key={piece.at} piece={piece} showsSpaces={showsSpaces} />)
          ),
        )}
      </pre>
      {cutCharacters > 0 && (
        <p className="mt-1 text-ink-2">{count(cutCharacters)} more are not drawn here; the counts are of all of it.</p>
      )}
    </section>
  );
}

/** Pieces side by side that are trained on, or not, alike. */
function runs(pieces: readonly Piece[]): Piece[][] {
  const grouped: Piece[][] = [];
  for (const piece of pieces) {
    const last = grouped.at(-1);
    if (last?.[0]?.isTrained === piece.isTrained) last.push(piece);
    else grouped.push([piece]);
  }
  return grouped;
}

function Text({ piece, showsSpaces }: { piece: Piece; showsSpaces: boolean }) {
  const text = showsSpaces ? piece.text.replaceAll(' ', '·').replaceAll('\t', '→').replaceAll('\n', '⏎\n') : piece.text;
  return piece.isSpecial ? <span className="rounded-sm bg-sunken text-ink-2">{text}</span> : text;
}
