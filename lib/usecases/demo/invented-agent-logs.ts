/**
 * Logs of an invented courier's assistant, written by rule: what the public samples are short of. Parallel calls, a call
 * that fails and is repaired, one that breaks its schema, reasoning, passages in the question, scripts other than Latin,
 * and two answers to one prompt in the middle of a run. The same bytes each time; nobody in them exists.
 */

const TOWNS = [
  'Grünau',
  'Ærhavn',
  'Kumoyama',
  'Santa Vela',
  'Oulunka',
  'Bréval',
  'Novi Brod',
  'Tel Marah',
  'Ципово',
  '霧島台',
];
const GOODS = ['a cello', 'two bicycles', 'nine boxes of plates', 'a loom', 'frozen cherries', 'an oak door'];
const WISHES = ['by Friday', 'before the snow comes', 'on the early tour', 'with a lift', 'after the holidays'];
const OPENINGS = [
  'Please get this moving:',
  'A customer on the phone wants to know about',
  'For the new warehouse we must send',
  'My colleague left me a note concerning',
  'Quick question on',
  'The shop in the old town asks for',
  'We promised the museum that we would ship',
];
const ENDINGS = [
  'Is that possible at all?',
  'What would it cost us, roughly?',
  'Tell me what you find.',
  'Which van takes it?',
  'Say it in one sentence, they are waiting.',
];

const TOOLS = [
  tool('find_tour', 'Tours between two towns.', { to: 'string', day: 'string' }, ['to', 'day']),
  tool('quote_price', 'Price of a delivery in cents.', { to: 'string', kilograms: 'number' }, ['to', 'kilograms']),
  tool('road_report', 'Roads that are closed.', { town: 'string' }, ['town']),
];

function tool(name: string, description: string, properties: Record<string, string>, required: string[]) {
  const typed = Object.fromEntries(Object.entries(properties).map(([key, type]) => [key, { type }]));
  return {
    type: 'function',
    function: { name, description, parameters: { type: 'object', properties: typed, required } },
  };
}

type Said = Record<string, unknown>;
const of = <T>(list: readonly T[], n: number): T => list[n % list.length]!;
const user = (content: string): Said => ({ role: 'user', content });
const says = (content: string, more: Said = {}): Said => ({ role: 'assistant', content, ...more });
const result = (id: string, name: string, content: unknown): Said => ({
  role: 'tool',
  tool_call_id: id,
  name,
  content: JSON.stringify(content),
});
const calls = (...list: [id: string, name: string, args: object][]): Said => ({
  role: 'assistant',
  content: '',
  tool_calls: list.map(([id, name, args]) => ({
    id,
    type: 'function',
    function: { name, arguments: JSON.stringify(args) },
  })),
});

/** A question whose words differ from all others enough to be no near-duplicate of one. */
const wish = (n: number): string =>
  `${of(OPENINGS, n)} ${of(GOODS, n * 5 + 1)} to ${of(TOWNS, n * 3 + Math.floor(n / 10))} ${of(WISHES, n * 2 + Math.floor(n / 7))}. ${of(ENDINGS, n + Math.floor(n / 5))}`;

/** One run of the assistant: which of six courses it takes follows from its number. */
function run(n: number): Said[] {
  const to = of(TOWNS, n);
  const [a, b, c] = [`call_${n}_a`, `call_${n}_b`, `call_${n}_c`];
  const start = [{ role: 'system', content: 'You plan tours for a courier. Be brief.' }, user(wish(n))];
  const tour: [string, string, object] = [a, 'find_tour', { to, day: `2026-11-${String(10 + (n % 18))}` }];
  const found = result(a, 'find_tour', { tour: `T-${n}`, van: of(GOODS, n + 2) });
  const done = says(`Tour T-${n} takes it, ${of(WISHES, n)}.`);
  switch (n % 6) {
    case 0:
      return [...start, calls(tour), found, done];
    case 1: // two calls at once
      return [
        ...start,
        calls(tour, [b, 'road_report', { town: to }]),
        found,
        result(b, 'road_report', { closed: n % 4 === 1 ? ['B 12'] : [] }),
        done,
      ];
    case 2: // fails, then works
      return [
        ...start,
        calls([b, 'quote_price', { to, kilograms: 0 }]),
        result(b, 'quote_price', { error: 'kilograms must be positive' }),
        calls([c, 'quote_price', { to, kilograms: 5 + n }]),
        result(c, 'quote_price', { cents: 1000 + n * 35 }),
        says(`It costs ${10 + n} euros, ${of(WISHES, n)}.`),
      ];
    case 3: // breaks its schema, then keeps to it: the first call is context only
      return [
        ...start,
        calls([a, 'find_tour', { to }]),
        result(a, 'find_tour', { error: 'missing required parameter: day' }),
        calls([c, 'find_tour', { to, day: '2026-11-20' }]),
        result(c, 'find_tour', { tour: `T-${n}` }),
        done,
      ];
    case 4: // three steps that need one another
      return [
        ...start,
        calls(tour),
        found,
        calls([b, 'quote_price', { to, kilograms: 12.5 }]),
        result(b, 'quote_price', { cents: 4200 + n }),
        calls([c, 'road_report', { town: to }]),
        result(c, 'road_report', { closed: [] }),
        done,
      ];
    default: // thinks first
      return [
        ...start,
        { ...calls(tour), reasoning_content: `They ask about ${to}; the tour decides the van.` },
        found,
        says(`T-${n}. 大丈夫です 🚚 — ${to}.`, { reasoning_content: 'One tour fits.' }),
      ];
  }
}

/** Questions with their passages, answered from them. */
const retrieval = (n: number): Said[] => [
  { role: 'system', content: 'Answer from the context only and cite passages as [n].' },
  user(
    `Context:\n[1] ${of(GOODS, n)} for ${of(TOWNS, n * 7)} leave ${of(WISHES, n * 3 + 1)}.\n[2] ${of(ENDINGS, n * 2)} Ask the desk in ${of(TOWNS, n + 4)}.\n\nQuestion: ${wish(n + 97)}`,
  ),
  says(`They leave ${of(WISHES, n * 3 + 1)} [1].`),
];

/** Two answers after the same history of a call; the better one is named. */
function comparison(n: number): Said {
  const to = of(TOWNS, n + 3);
  const prompt = [
    user(`${wish(n + 211)} Compare it with ${of(GOODS, n * 11 + 3)} for ${of(TOWNS, n * 7 + 5)}.`),
    calls([`call_p${n}`, 'find_tour', { to, day: '2026-12-01' }]),
    result(`call_p${n}`, 'find_tour', { tour: null, next: `2026-12-${String(2 + (n % 20)).padStart(2, '0')}` }),
  ];
  const good = says(`No tour to ${to} on the first; the next one leaves ${of(WISHES, n)}, no. ${n}.`);
  const bad = says(`It will surely be there ${of(WISHES, n + 1)}, tour number ${n} to ${to}.`);
  return { id: `next-${n}`, prompt, chosen: [good], rejected: [bad] };
}

/** Two plain answers to one question. */
const twoAnswers = (n: number): Said => ({
  id: `said-${n}`,
  prompt: `${wish(n + 401)} It is for ${of(TOWNS, n * 9 + 2)}, gate ${n}.`,
  chosen: `${of(GOODS, n)} to ${of(TOWNS, n)} leaves ${of(WISHES, n + 2)}; gate ${n} is open until six.`,
  rejected: `Hard to say for gate ${n}. ${of(ENDINGS, n)} Somebody at ${of(TOWNS, n + 1)} may know about ${of(GOODS, n + 1)}.`,
});

const lines = (rows: readonly object[]): Buffer => Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
const times = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));

export function inventedAgentLogs(): { name: string; bytes: Buffer }[] {
  return [
    {
      name: 'invented/courier-runs.openai.jsonl',
      bytes: lines(times(120, (n) => ({ id: `run-${n}`, model: 'invented-1', messages: run(n), tools: TOOLS }))),
    },
    {
      name: 'invented/courier-questions.openai.jsonl',
      bytes: lines(times(80, (n) => ({ id: `asked-${n}`, model: 'invented-1', messages: retrieval(n) }))),
    },
    { name: 'invented/courier-steps.preference.jsonl', bytes: lines(times(120, comparison)) },
    { name: 'invented/courier-answers.preference.jsonl', bytes: lines(times(80, twoAnswers)) },
  ];
}
