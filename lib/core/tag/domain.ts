/**
 * What a unit is about and what is asked for, by keyword tables (`domain@1`, `task@1`). Proposals of a rule: a
 * person may correct them on the tag desk. `unknown` when no table has enough to say.
 */
export const DOMAIN_RULE = 'rule:domain@1';
export const TASK_RULE = 'rule:task@1';

type Table = readonly (readonly [name: string, stems: string])[];

/** Words are matched from their start ("refund" finds "refunded"); a phrase needs all of its words in order. */
const DOMAINS: Table = [
  [
    'software',
    'bug|function|typescript|javascript|python|compile|repository|repo|git|commit|pull request|refactor|stack trace|traceback|npm|docker|api endpoint|unit test|codebase|component|class name|import error|syntax|dependenc|runtime|script|source code|this code|my code|the code|codebase',
  ],
  [
    'orders',
    'my order|your order|an order|order number|order status|order detail|order id|cart|checkout|purchas|in stock|out of stock|bestell|artikel|commande|pedido|ordine',
  ],
  [
    'shipping',
    'ship|deliver|parcel|package arriv|courier|tracking number|carrier|lieferung|paket|versand|livraison|envío|spedizione|bezorg',
  ],
  [
    'refunds',
    'refund|return polic|money back|exchange polic|reimburs|rückerstattung|erstatt|rücksend|rembours|reembols|rimborso|terugbetal',
  ],
  [
    'billing',
    'invoice|billing|charge|payment|subscription|credit card|pricing|rechnung|zahlung|abrechn|facture|paiement|factura|fattura|betaling',
  ],
  [
    'account',
    'password|log in|login|sign in|account|username|two factor|verification code|profile|konto|passwort|anmeld|mot de passe|contraseña',
  ],
  [
    'travel',
    'flight|airline|airport|hotel|reservation|itinerary|boarding|passenger|luggage|baggage|flug|reise|vol pour|vuelo|voyage',
  ],
  [
    'finance',
    'bank|loan|mortgage|invest|stock price|interest rate|tax|portfolio|insurance|kredit|steuer|versicherung|impôt|impuesto',
  ],
  ['health', 'doctor|patient|symptom|medic|diagnos|treatment|hospital|prescription|dose|arzt|krank|médecin|salud'],
  ['legal', 'contract|lawyer|legal|court|lawsuit|clause|gdpr|compliance|liabil|vertrag|rechtlich|avocat|abogado'],
  [
    'people',
    'vacation day|payroll|hiring|candidate|employee|onboarding|salary|interview question|urlaub|mitarbeiter|gehalt',
  ],
  ['data', 'sql|query|database|dashboard|dataset|spreadsheet|csv|metric|table column|statistic|regression'],
  ['education', 'student|homework|lesson|exams|this course|a course|courses|teacher|quiz|curriculum|school'],
  ['writing', 'essay|poem|story|blog post|email draft|headline|rewrite|proofread|cover letter|slogan|lyrics'],
  ['science', 'physics|chemistr|biolog|theorem|equation|molecule|planet|quantum|experiment'],
  ['weather', 'weather|temperature|forecast|rain|humidity|wetter|météo|tiempo hará'],
  ['food', 'recipe|cook|ingredient|restaurant|bake|meal|rezept|recette|receta'],
];

const TASKS: Table = [
  ['translate', 'translate|translation|übersetz|tradui|traduc|traduci|vertaal'],
  ['summarise', 'summari|tl;dr|key points|zusammenfass|résum|resum|riassum|samenvat'],
  [
    'code',
    'fix the bug|debug|refactor|implement|write a function|write a script|write code|unit test|stack trace|traceback|compile|typescript|javascript|python|regex|repository|codebase',
  ],
  ['extract', 'extract|parse the|pull out|list all the|as json|into json|fill the schema'],
  ['classify', 'classify|categor|sentiment|label the|which category|is this spam'],
  [
    'write',
    'write a|write an|write me|draft|compose|rewrite|rephrase|proofread|essay|poem|blog post|cover letter|schreib|rédige|escribe|scrivi',
  ],
  ['plan', 'plan a|make a plan|itinerary|schedule for|roadmap|step by step plan'],
  ['calculate', 'calculate|how much is|compute|solve|equation|sum of|percent of|berechne|calcul'],
  [
    'transact',
    'cancel my|cancel the|book a|book me|change my|update my|refund|exchange|return my|reschedul|upgrade my|modify my|reset my|order a|place an order|stornier|umbuch|annul|cancelar',
  ],
];

const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const compile = (table: Table) =>
  table.map(([name, stems]) => ({
    name,
    pattern: new RegExp(`(?<![\\p{L}\\p{N}])(?:${stems.split('|').map(escapeRegExp).join('|')})`, 'giu'),
  }));
const DOMAIN_PATTERNS = compile(DOMAINS);
const TASK_PATTERNS = compile(TASKS);

const MAX_CHARACTERS = 40_000;

/** Different words count fully, repeats a little: one word said ten times is no domain. */
function best(patterns: ReturnType<typeof compile>, text: string, least: number): string {
  let winner = 'unknown';
  let most = 0;
  for (const { name, pattern } of patterns) {
    const hits = text.match(pattern);
    if (!hits) continue;
    const different = new Set(hits.map((hit) => hit.toLowerCase())).size;
    const weight = different + Math.min(2, (hits.length - different) * 0.25);
    if (weight > most) [winner, most] = [name, weight];
  }
  return most >= least ? winner : 'unknown';
}

/** @param toolWords tool names as words: what an agent can do tells its domain better than what was said */
export function findDomain(said: string, toolWords: string): string {
  return best(DOMAIN_PATTERNS, `${toolWords}\n${said.slice(0, MAX_CHARACTERS)}`, 1.25);
}

/** What the first question asks for: by its words, else by what the unit is. */
export function findTask(question: string, shape: { calls: number; writes: number; hasRetrieval: boolean }): string {
  const asked = best(TASK_PATTERNS, question.slice(0, MAX_CHARACTERS), 1);
  if (asked !== 'unknown') return asked;
  if (shape.writes > 0) return 'transact';
  if (shape.calls > 0) return 'look_up';
  return shape.hasRetrieval || /[?？؟]/.test(question) ? 'answer' : 'unknown';
}
