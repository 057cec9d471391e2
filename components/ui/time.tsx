/** `2026-11-22 14:05`, UTC, the same on server and browser; the full instant stands in the title. */
export function Time({ at, date = true }: { at: string; date?: boolean }) {
  const iso = at.replace(' ', 'T');
  return (
    <time dateTime={iso} title={`${iso} UTC`} className="whitespace-nowrap">
      {date && `${iso.slice(0, 10)} `}
      {iso.slice(11, 16)}
    </time>
  );
}
