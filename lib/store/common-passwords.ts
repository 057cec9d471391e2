/**
 * Phrases of fifteen letters or more that guessers try first, made by rule: repeated common words, keyboard rows and
 * counted digits. Shorter ones are refused by length alone.
 */
const WORDS =
  'password passwort welcome qwerty letmein iloveyou monkey dragon football baseball sunshine princess admin administrator login master superman batman trustno changeme default secret access hello flower summer winter spring autumn whatever computer internet freedom starwars pokemon michael jordan jessica charlie ashley daniel'.split(
    ' ',
  );
const ROWS = [
  'qwertyuiopasdfghjklzxcvbnm',
  'asdfghjklqwertyuiop',
  'zxcvbnmasdfghjkl',
  'abcdefghijklmnopqrstuvwxyz',
  '123456789012345678901234567890',
  '987654321098765432109876543210',
  '1q2w3e4r5t6y7u8i9o0p',
];

function* phrases(): Generator<string> {
  for (const word of WORDS) {
    for (let times = 2; times <= 8; times++) yield word.repeat(times);
    for (const other of WORDS) {
      yield word + other;
      for (const third of WORDS) yield word + other + third;
    }
  }
  for (const row of ROWS)
    for (let from = 0; from < row.length; from++)
      for (let to = from + 15; to <= row.length; to++) yield row.slice(from, to);
}

export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(phrases());
