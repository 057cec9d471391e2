/** Open spans cost a hash each over everything that is read: one that nothing can be added to any more is settled at once. */
import type { Place, RecordSpan } from '../adapter.ts';

export type Settling = { span: RecordSpan };

export function settle(stream: Settling | undefined): void {
  if (!stream) return;
  const place: Place = stream.span.place();
  stream.span = { extend: () => {}, place: () => place };
}
