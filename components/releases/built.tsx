import type { ReactNode } from 'react';
import { BarList } from '../charts/bar-list.tsx';
import { Code, CodeBlock } from '../ui/code-block.tsx';
import { bytes, count } from '../ui/figures.ts';
import { Section } from '../ui/section.tsx';
import { Stat, StatRow } from '../ui/stat.tsx';

export type BuiltRelease = {
  snapshotHash: string;
  rows: number;
  evalRows: number;
  units: number;
  eligible: number;
  counts: {
    byConfig: { name: string; splits: Partial<Record<'train' | 'validation' | 'test', number>> }[];
    level: Record<string, number>;
  };
  excluded: { rule: string; count: number }[];
  removed: { type: string; count: number }[];
  limits: string[];
  observedTools: number;
  waivers: { gate: string; reason: string }[];
  files: { path: string; bytes: number; rows: number | null; sha256: string }[];
};

const SPLITS = ['train', 'validation', 'test'] as const;
const words = (rule: string): string => rule.replaceAll('_', ' ');

/** What was built: rows by config and side, what stayed out and why, the files, how to load and verify them. */
export function Built({
  built,
  isSealed,
  fetch,
}: {
  built: BuiltRelease;
  isSealed: boolean;
  /** A button for one file, or nothing. */
  fetch: (file: string) => ReactNode;
}) {
  const [first] = built.counts.byConfig;
  return (
    <>
      <Section
        title="Rows"
        hint={
          <>
            frozen as <Code>{built.snapshotHash.slice(0, 12)}</Code>
          </>
        }
      >
        <StatRow>
          <Stat label="eligible units" value={count(built.eligible)} />
          <Stat label="units in it" value={count(built.units)} />
          <Stat label="rows" value={count(built.rows)} hint={`${count(built.evalRows)} of them for evaluation`} />
        </StatRow>
        <div className="grid gap-8 md:grid-cols-2">
          <table className="w-full text-start">
            <caption className="sr-only">Rows by config and side</caption>
            <thead>
              <tr className="border-line border-b text-ink-3">
                <th scope="col" className="py-1 text-start font-normal">
                  config
                </th>
                {SPLITS.map((split) => (
                  <th key={split} scope="col" className="py-1 text-end font-normal">
                    {split}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {built.counts.byConfig.map(({ name, splits }) => (
                <tr key={name} className="border-line border-b">
                  <th scope="row" className="py-1 text-start font-medium">
                    {name}
                  </th>
                  {SPLITS.map((split) => (
                    <td key={split} className="py-1 text-end">
                      {count(splits[split] ?? 0)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
          <BarList
            label="Rows by level"
            items={Object.entries(built.counts.level).map(([id, value]) => ({
              id,
              label: id,
              value,
              text: count(value),
            }))}
          />
        </div>
        {built.observedTools > 0 && (
          <p className="text-ink-2">
            The logs of {count(built.observedTools)} units do not say which tools were offered: their lists were read
            off the calls that were seen, and their rows say so.
          </p>
        )}
      </Section>
      <Section title="Left out" hint="By the rule that did it">
        {built.excluded.length === 0 ? (
          <p className="text-ink-2">Nothing was left out.</p>
        ) : (
          <BarList
            label="Left out by rule"
            items={built.excluded.map(({ rule, count: value }) => ({
              id: rule,
              label: words(rule),
              value,
              text: count(value),
            }))}
          />
        )}
        {built.waivers.map(({ gate, reason }) => (
          <p key={gate} className="text-ink-2">
            {words(gate)} was waived: {reason}
          </p>
        ))}
      </Section>
      <Section title="Files" hint={isSealed ? 'Signed; they never change again' : 'Signed once it is approved'}>
        <ul className="flex flex-col" aria-label="Files">
          {built.files.map((file) => (
            <li
              key={file.path}
              className="grid grid-cols-[1fr_auto] items-center gap-x-4 border-line border-b py-1 md:grid-cols-[1fr_6rem_6rem_10rem_6rem]"
            >
              <span className="min-w-0 truncate font-mono text-mono" title={file.path}>
                {file.path}
              </span>
              <span className="text-end">{bytes(file.bytes)}</span>
              <span className="text-end text-ink-2">{file.rows === null ? '' : `${count(file.rows)} rows`}</span>
              <span title={file.sha256}>
                <Code>{file.sha256.slice(0, 16)}</Code>
              </span>
              <span className="text-end">{fetch(file.path)}</span>
            </li>
          ))}
        </ul>
      </Section>
      {first && (
        <Section title="How to use it" hint="After the download, in its folder">
          <CodeBlock
            label="line to load"
            text={`from datasets import load_dataset\n${built.counts.byConfig.map(({ name }) => `load_dataset("PATH/TO/THIS/FOLDER", "${name}")`).join('\n')}`}
          />
          <CodeBlock label="line to verify" text={'bin/assay verify-release PATH/TO/THIS/FOLDER'} />
          <CodeBlock label="line to verify offline" text={'node verify-release.mjs'} />
        </Section>
      )}
    </>
  );
}
