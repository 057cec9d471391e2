import Link from 'next/link';
import type { ReactNode } from 'react';
import type { PaintedBranch } from '#lib/core/training/painted.ts';
import type { TemplateFinding } from '#lib/core/training/row-checks.ts';
import { Badge } from '../ui/badge.tsx';
import { CodeBlock } from '../ui/code-block.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { count } from '../ui/figures.ts';
import { Page } from '../ui/page.tsx';
import { PageHeader, Section } from '../ui/section.tsx';
import { TrainerView } from './trainer-view.tsx';

export type ShownRendering = {
  family: string;
  date: string;
  refused: string | null;
  row: string | null;
  branches: PaintedBranch[];
  prefixBytes: number | null;
  findings: TemplateFinding[];
  context: number;
  placeholders: number;
};

const SAYS: Record<TemplateFinding['code'], string> = {
  T14: 'The prompt is not the beginning of a branch',
  T17: 'The template drops',
  X01: 'The template refuses the row',
  X02: 'The text begins with BOS twice',
  X03: 'The template marks nothing to train on',
  X04: 'The stop token is outside the loss',
  X06: 'A span is not what its block put out',
};

/** What the trainer sees of a unit or of a pair: text, loss, tokens, checks, and the row behind it. */
export function RenderingPage({
  above,
  rendering,
  families,
}: {
  above: ReactNode;
  rendering: ShownRendering;
  families: readonly { name: string; label: string }[];
}) {
  const { refused, row, branches, family } = rendering;
  return (
    <Page wide>
      <PageHeader above={above} title="What the trainer sees" hint={<Facts rendering={rendering} />} />
      <nav aria-label="Template" className="flex flex-wrap gap-3">
        {families.map(({ name, label }) => (
          <Link
            key={name}
            href={`?template=${name}`}
            aria-current={name === family ? 'page' : undefined}
            className={name === family ? 'font-medium text-ink' : 'text-accent hover:underline'}
          >
            {label}
          </Link>
        ))}
      </nav>
      {refused !== null && (
        <EmptyState title="There is no row to render">
          It gives no row: {refused.replaceAll('_', ' ')}. A release would leave it out under this name.
        </EmptyState>
      )}
      {refused === null && <Checks rendering={rendering} />}
      {branches.length > 0 && <TrainerView branches={branches} />}
      {row !== null && (
        <Section title="The row" hint="one line of the data file; id and meta are those of a release">
          <CodeBlock text={row} label="row as JSON" />
        </Section>
      )}
    </Page>
  );
}

function Facts({ rendering: { branches, context, date } }: { rendering: ShownRendering }) {
  const most = Math.max(0, ...branches.map(({ tokens }) => tokens?.all ?? 0));
  return (
    <span className="flex flex-wrap items-center gap-2">
      {most > 0 && (
        <Badge tone={most <= context ? 'pass' : 'fail'} glyph>
          {count(most)} of {count(context)} tokens
        </Badge>
      )}
      <span>date pinned to {date}</span>
    </span>
  );
}

function Checks({ rendering: { findings, prefixBytes, branches, placeholders } }: { rendering: ShownRendering }) {
  const isPair = branches.length > 1;
  return (
    <ul aria-label="Checks" className="flex flex-col gap-1">
      {findings.length === 0 && (
        <li>
          <Badge tone="pass" glyph>
            every text present, {isPair ? 'nothing else found' : 'stop token in the loss'}
          </Badge>
        </li>
      )}
      {findings.map(({ code, path, why }) => (
        <li key={`${code} ${path}`}>
          <Badge tone={code === 'X06' ? 'warn' : 'fail'} glyph>
            {code}
          </Badge>{' '}
          {SAYS[code]}: {why} <span className="text-ink-2">{path}</span>
        </li>
      ))}
      {prefixBytes !== null && (
        <li>
          <Badge tone="pass" glyph>
            prefix identical: {count(prefixBytes)} bytes
          </Badge>
        </li>
      )}
      {placeholders > 0 && (
        <li>
          <Badge tone="warn" glyph>
            {count(placeholders)} {placeholders === 1 ? 'placeholder' : 'placeholders'} in what is trained on
          </Badge>
        </li>
      )}
    </ul>
  );
}
