'use client';
import type { TranscriptEvent } from '../transcript/event.ts';
import { Transcript } from '../transcript/transcript.tsx';

/** A unit to read: nothing can be decided here. */
export function UnitReader({ events, startAt }: { events: readonly TranscriptEvent[]; startAt?: string }) {
  return <Transcript label="Transcript, redacted" events={events} startAt={startAt} className="h-full" />;
}
