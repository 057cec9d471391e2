/** One plain mailbox: ASCII domain, no comma, blank or control character, at most 254 characters. */
export function isPlainEmail(text: string): boolean {
  if (text.length > 254 || !/^[!-~]+$/.test(text) || /[,;<>()"\\[\]]/.test(text)) return false;
  const at = text.indexOf('@');
  if (at < 1 || at > 64 || text.includes('@', at + 1)) return false;
  const labels = text.slice(at + 1).split('.');
  return (
    labels.length >= 2 &&
    labels.every(
      (label) =>
        /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/.test(label) && !label.toLowerCase().startsWith('xn--'),
    )
  );
}
