import { Badge, type Tone } from '../ui/badge.tsx';

const TONES: Record<string, { tone: Tone; text: string }> = {
  uploading: { tone: 'open', text: 'uploading' },
  queued: { tone: 'open', text: 'queued' },
  running: { tone: 'accent', text: 'running' },
  ready: { tone: 'open', text: 'waiting' },
  done: { tone: 'pass', text: 'done' },
  refused: { tone: 'fail', text: 'refused' },
  blocked: { tone: 'warn', text: 'blocked' },
  failed: { tone: 'fail', text: 'failed' },
  dead: { tone: 'fail', text: 'failed' },
  cancelled: { tone: 'neutral', text: 'cancelled' },
};

/** State of an import, a run or a chunk. */
export function WorkState({ state, isPaused }: { state: string; isPaused?: boolean }) {
  const { tone, text } = isPaused
    ? { tone: 'warn' as const, text: 'paused' }
    : (TONES[state] ?? { tone: 'neutral' as const, text: state });
  return (
    <Badge tone={tone} glyph>
      {text}
    </Badge>
  );
}
