import { Badge, StateGlyph, type Tone } from '../ui/badge.tsx';

const STATES: Record<string, { tone: Tone; text: string }> = {
  draft: { tone: 'neutral', text: 'draft' },
  building: { tone: 'accent', text: 'building' },
  blocked: { tone: 'fail', text: 'blocked' },
  ready: { tone: 'open', text: 'ready for approval' },
  approved: { tone: 'pass', text: 'approved' },
  suspended: { tone: 'warn', text: 'suspended' },
  revoked: { tone: 'fail', text: 'revoked' },
};

export function ReleaseStateBadge({ state }: { state: string }) {
  const { tone, text } = STATES[state] ?? { tone: 'neutral' as const, text: state };
  return (
    <Badge tone={tone} glyph>
      {text}
    </Badge>
  );
}

const GATE_STATES: Record<string, { tone: Tone; text: string }> = {
  pass: { tone: 'pass', text: 'passed' },
  fail: { tone: 'fail', text: 'failed' },
  waived: { tone: 'warn', text: 'waived in writing' },
  not_run: { tone: 'open', text: 'not run' },
};

export function GateMark({ state, wordy }: { state: string; wordy?: boolean }) {
  const { tone, text } = GATE_STATES[state] ?? { tone: 'neutral' as const, text: state };
  return wordy ? (
    <Badge tone={tone} glyph>
      {text}
    </Badge>
  ) : (
    <StateGlyph tone={tone} label={text} />
  );
}

export const GATE_NAMES: Record<string, string> = {
  risk: 'A  Direct identifiers',
  secrets: 'B  Secrets',
  coverage: 'C  Coverage',
  residue: 'D  Residue',
  policy: 'H  Purpose and consent',
  rows: 'Rows',
  leakage: 'Leakage',
  pairs: 'Pairs',
  pair_length: 'Pairs: length',
  pair_looks: 'Pairs: looks',
  pair_place: 'Pairs: place',
  synthetic: 'Synthetic rows',
  dry_run: 'Dry run of the trainers',
};
