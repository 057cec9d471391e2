/** Whole leaves that their key gives away. One row a kind: the end of the key's words, and what the value must be. */
import { wordsOf } from './context.ts';
import { isPlaceholderValue } from './secrets/placeholder-value.ts';
import type { Leaf } from './span.ts';
import type { PiiType } from './taxonomy.ts';

export type PathHit = { type: PiiType; detector: string; score: number };
type PathRule = { id: string; type: PiiType; keys: RegExp; value: (text: string) => boolean };

const ends = (words: string): RegExp => new RegExp(`(?:^| )(?:${words})$`);
const digits = (least: number) => (text: string) => text.length <= 80 && text.replace(/\D/g, '').length >= least;
const short = (text: string): boolean =>
  text.length >= 2 && text.length <= 80 && /\p{L}/u.test(text) && !EMPTY.test(text);
const isName = (text: string): boolean =>
  short(text) && !/[{}<>=@:/\\_]|\d{3}/.test(text) && text.split(/\s+/).length <= 6;
const isId = (text: string): boolean =>
  /^[^\s{}<>]{2,128}$/.test(text) && !EMPTY.test(text) && !/^(?:str|int|integer)$/i.test(text);
const isSecret = (text: string): boolean =>
  text.length >= 3 && !isPlaceholderValue(text) && (!/\s/.test(text.trim()) || (/\d/.test(text) && text.length <= 200));
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const isToken = (text: string): boolean =>
  !UUID.test(text) && /^\S{12,}$/.test(text) && /\d/.test(text) && /[A-Za-z]/.test(text) && !isPlaceholderValue(text);
/** A scheme and its credentials, or these alone; not a sentence about them. */
const isHeader = (text: string): boolean =>
  /^(?:[\w-]{2,20}[ \t]+)?\S{6,}$/.test(text) && !isPlaceholderValue(text.split(/\s+/).at(-1)!);
const isAddress = (text: string): boolean =>
  text.length <= 200 && /\p{L}/u.test(text) && /\d/.test(text) && /\s/.test(text.trim()) && !/[@{}]|:\/\//.test(text);
const EMPTY =
  /^(?:string|str|text|number|integer|boolean|object|array|null|none|nil|undefined|n\/?a|unknown|any|optional|required|true|false|yes|no|empty|redacted|anonymous|default|self|other|-+|\.+|\?+|\*+|\{.*|<.*|\$.*)$/i;

// biome-ignore format: one row a kind
const RULES: readonly PathRule[] = [
  { id: 'secret', type: 'SECRET', value: isSecret, keys: ends('password|passwd|pwd|pass ?phrase|passcode|client secret|secret|secret key|(?:api|app|access|private|signing|encryption|master|account|service|auth|shared|license|consumer) ?key|x api key|apikey|otp|pin|pin code|one time (?:code|password)|(?:verification|security|confirmation|backup|recovery) codes?|security answer|credentials|connection string|(?:access|refresh|id|auth|session|bearer|csrf|xsrf|api|device|push|personal access|bot|webhook|reset|invite|magic) ?token|x auth token|private token|jwt|webhook url') },
  { id: 'secret', type: 'SECRET', value: (text) => text.length >= 6 && !isPlaceholderValue(text), keys: ends('cookies?|set cookie|mnemonic|seed phrase|recovery (?:phrase|words)|private key pem') },
  { id: 'secret', type: 'SECRET', value: isHeader, keys: ends('authorization|proxy authorization') },
  { id: 'secret', type: 'SECRET', value: isToken, keys: /^(?!.*(?:public|primary|foreign|partition|cache|sort|row|object|idempotency|issue|project|message|store|page|next|prev\w*) ).*(?:^| )(?:token|key|sid|salt)$/ },
  { id: 'email', type: 'EMAIL', value: (text) => text.includes('@') && text.length <= 320 && !/[{}<>]/.test(text), keys: ends('e ?mails?(?: addr(?:ess)?(?:es)?)?|mail|mailbox|from|to|cc|bcc|reply to|recipient|sender') },
  { id: 'phone', type: 'PHONE', value: digits(5), keys: ends('(?:phone|mobile|telephone|tel|cell|cellphone|fax|msisdn|whatsapp|landline|handy|telefon\\w*|móvil|celular)(?: ?(?:number|no|nr|num))?s?(?: \\d)?') },
  { id: 'person', type: 'PERSON', value: isName, keys: ends('(?:first|last|full|given|family|middle|maiden|real|legal|preferred|sur|fore|nick|customer|client|patient|employee|contact|member|guest|passenger|traveller|traveler|student|sender|recipient|author|owner|holder|cardholder|card holder|account holder|beneficiary|payee|payer|user full|doctor|driver|manager|agent full|participant|applicant|candidate|emergency contact|spouse|child|mother|father|parent|guardian) ?names?|surname|forename|lastname|firstname|fullname|cardholder|account holder|vorname|nachname|nom de famille|prénom|apellidos?|cognome|sobrenome|achternaam|voornaam') },
  { id: 'person', type: 'PERSON', value: (text) => isName(text) && /\S\s\S/.test(text), keys: ends('display ?name') },
  { id: 'username', type: 'USERNAME', value: isId, keys: ends('user ?name|login(?: name)?|screen name|nick(?: ?name)?|handle|user login|enduser id|enduser|end user(?: id)?|user principal name|sam account name|preferred username|git user|twitter|instagram|telegram|skype|slack (?:id|user)') },
  { id: 'account', type: 'ACCOUNT_ID', value: isId, keys: ends('(?:user|customer|client|member|account|employee|subscriber|person|profile|contact|owner|author|visitor|guest|student|driver|merchant|staff|external user|distinct|anonymous|player|participant|loyalty|cust|acct)(?: ?(?:id|ids|uid|uuid|no|num|number|ref|reference|key|identifier))|uid|user|userid|sub|principal|membership (?:id|number)|frequent flyer(?: number)?') },
  { id: 'record', type: 'RECORD_ID', value: digits(2), keys: ends('(?:order|ticket|case|invoice|booking|reservation|confirmation|tracking|shipment|parcel|claim|receipt|incident|return|rma|payment|transaction)(?: ?(?:id|ids|no|num|number|ref|reference|code))|pnr|record locator') },
  { id: 'health', type: 'HEALTH_ID', value: digits(3), keys: ends('mrn|medical record(?: (?:number|no|id))?|patient ?(?:id|number|no)|nhs(?: ?(?:number|no))?|(?:health )?insurance ?(?:id|number|no)|policy ?(?:number|no|id)|prescription(?: ?(?:number|id))?|health ?(?:id|card)(?: number)?|npi|mbi') },
  { id: 'government', type: 'GOV_ID', value: digits(4), keys: ends('ssn|social security(?: ?(?:number|no))?|social insurance(?: number)?|passport(?: ?(?:number|no|id))?|national ?(?:id|identity|insurance)(?: ?(?:number|no))?|(?:tax|taxpayer) ?(?:id|number|no)|tin|ein|itin|driver s? ?licen[cs]e(?: ?(?:number|no))?|driv(?:er|ing|ers) licen[cs]e(?: ?(?:number|no))?|nino|aadhaar(?: number)?|cpf|nif|dni|nie|bsn|pesel|personnummer|codice fiscale|steuer ?id|visa ?(?:number|no)|id card(?: number)?|voter id') },
  { id: 'card', type: 'PAYMENT_CARD', value: digits(3), keys: ends('(?:credit |debit |payment )?card ?(?:number|no|num)|credit card|debit card|cc ?(?:number|num)|pan|cvv2?|cvc2?|(?:card )?last ?(?:4|four)(?: digits)?') },
  { id: 'bank', type: 'BANK_ACCOUNT', value: digits(4), keys: ends('iban|bank account(?: ?(?:number|no))?|account ?(?:number|no)|routing ?(?:number|no)|sort ?code|kontonummer|clabe') },
  { id: 'bank', type: 'BANK_ACCOUNT', value: (text) => /^[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?$/i.test(text), keys: ends('bic|swift(?: code)?') },
  { id: 'vehicle', type: 'VEHICLE_ID', value: (text) => text.length <= 20 && /\d/.test(text), keys: ends('vin|(?:license|licence|number|registration) ?plates?(?: ?(?:number|no))?|plate(?: ?(?:number|no))?|kennzeichen|vehicle registration') },
  { id: 'device', type: 'DEVICE_ID', value: isId, keys: ends('device ?(?:id|uuid|uid|serial|name)|imei|imsi|iccid|serial ?(?:number|no)|mac(?: ?addr(?:ess)?)?|advertising id|idfa|gaid|aaid|android id|visitor id|installation id|machine (?:id|name)|computer name|(?:device|browser|visitor) fingerprint|udid') },
  { id: 'wallet', type: 'CRYPTO_WALLET', value: (text) => /^\w{20,100}$/.test(text), keys: ends('wallet(?: ?(?:address|id))?|(?:btc|eth|bitcoin|ethereum|crypto) ?address') },
  { id: 'address', type: 'ADDRESS', value: isAddress, keys: ends('address(?: line)?(?: ?\\d)?|street(?: ?address)?(?: ?\\d)?|addr(?: ?\\d)?|(?:billing|shipping|delivery|home|mailing|postal|work|residential|pickup|full) address|anschrift|adresse|dirección|indirizzo|endereço') },
  { id: 'city', type: 'LOCATION', value: isName, keys: ends('city|town|suburb|hometown|home town|birth ?place|place of birth|stadt|ort|ciudad|città|cidade|locality|neighbou?rhood') },
  { id: 'geo', type: 'GEO', value: (text) => /^[-+]?\d{1,3}\.\d{2,}$/.test(text) && Math.abs(Number(text)) <= 180, keys: ends('lat|latitude|lng|lon|long|longitude') },
  { id: 'birth', type: 'DATE', value: digits(3), keys: ends('dob|d o b|date of birth|birth ?(?:date|day)|born(?: on)?|geburtsdatum|geboren') },
  { id: 'age', type: 'AGE', value: (text) => /^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= 120, keys: /^(?:(?:user|customer|patient|person|client|member|applicant|passenger|guest|student) )?age$/ },
  { id: 'birth-year', type: 'AGE', value: (text) => /^(?:18|19|20)\d{2}$/.test(text), keys: ends('(?:birth ?year|year of birth|yob)') },
  { id: 'demographic', type: 'DEMOGRAPHIC', value: (text) => short(text) && text.length <= 40, keys: ends('gender|sex|ethnicity|race|religion|nationality|citizenship|marital status|sexual orientation|political (?:party|views?)') },
  { id: 'role', type: 'ROLE', value: isName, keys: ends('job ?title|occupation|profession|beruf') },
  { id: 'employer', type: 'ORG', value: isName, keys: ends('employer|company(?: ?name)?|employer name|school ?name|clinic(?: ?name)?|hospital(?: ?name)?') },
  { id: 'health-fact', type: 'HEALTH_FACT', value: short, keys: ends('diagnos[ie]s|medications?|allerg(?:y|ies)|disability|medical (?:condition|history)|blood (?:type|group)') },
];

/** `name` and `id` say whose only together with the key above them. */
const PEOPLE =
  /(?:^| )(?:users?|customers?|clients?|patients?|persons?|people|contacts?|employees?|authors?|owners?|senders?|recipients?|members?|passengers?|guests?|students?|drivers?|doctors?|assignees?|reporters?|profiles?|accounts?|cardholder|participants?|committer|creator|buyers?|sellers?|beneficiary|spouse|child(?:ren)?|parents?|candidates?|applicants?|enduser)$/;

/** What the key says about the whole leaf; undefined when it says nothing or the value contradicts it. */
export function pathHit(leaf: Leaf): PathHit | undefined {
  if (leaf.kind === 'key' || leaf.key === '' || leaf.text === '') return undefined;
  const text = leaf.text.trim();
  if (text === '' || text.startsWith('\ue000')) return undefined;
  const { key, rules } = readKey(leaf.key);
  for (const rule of rules) if (rule.value(text)) return { type: rule.type, detector: `path:${rule.id}@1`, score: 0.9 };
  if (key === 'name' && isName(text) && PEOPLE.test(keyAbove(leaf)))
    return { type: 'PERSON', detector: 'path:person@1', score: 0.9 };
  if (/^(?:id|uuid|uid)$/.test(key) && isId(text) && PEOPLE.test(keyAbove(leaf)))
    return { type: 'ACCOUNT_ID', detector: 'path:account@1', score: 0.8 };
  return undefined;
}

/** The key above the nearest one where it has a say about this leaf, else ''. */
export const tellingKeyAbove = (leaf: Leaf): string =>
  leaf.key !== '' && /^(?:name|id|uuid|uid)$/.test(readKey(leaf.key).key) ? keyAbove(leaf) : '';

/** Logs repeat the same few keys: what each says is looked up once. */
const known = new Map<string, { key: string; rules: readonly PathRule[] }>();
const MAX_KNOWN = 5000;

function readKey(name: string): { key: string; rules: readonly PathRule[] } {
  let read = known.get(name);
  if (read === undefined) {
    const key = wordsOf(name);
    read = { key, rules: RULES.filter((rule) => rule.keys.test(key)) };
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(name, read);
  }
  return read;
}

/** Words of the key above the nearest one: 'user' for /metadata/user/id; numbers of arrays are passed over. */
function keyAbove(leaf: Leaf): string {
  const parts = leaf.path.split('/').filter((part) => part !== '' && !/^\d+$/.test(part));
  return wordsOf((parts.at(-2) ?? '').replace(/#.*$/, ''));
}
