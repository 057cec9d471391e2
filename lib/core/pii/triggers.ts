/**
 * What starts a rule. One pass over a text notes in which blocks of 64 characters each trigger stands: digit groups,
 * separators, and the first three letters of words that rules look for. Rules then read those blocks and their
 * surroundings only, and not at all when no block has one of theirs.
 */

/** Characters a block; a rule reads this block, and `REACH` before and behind it. */
export const BLOCK = 64;
export const REACH = 128;

const NAMES = [
  'DIGIT',
  /** Digits with at most three other characters between two of them: three, seven, twelve or more. */
  'CLUSTER3',
  'CLUSTER7',
  'CLUSTER12',
  /** Four digits without anything between. */
  'RUN4',
  /** A dot, slash or hyphen between two digits. */
  'SEPARATED',
  /** Two such dots within five characters. */
  'DOTS',
  /** Two colons within five characters; two hyphens or dots as far apart as in a MAC address. */
  'COLONS',
  'HEX_PAIRS',
  /** A capital beside a digit. */
  'CAPITAL_DIGIT',
  /** A blank between a letter and a digit. */
  'WORD_NUMBER',
  /** Stretches without a blank, at least so long. */
  'LONG17',
  'LONG32',
  /** Signs that stand for hidden characters. */
  'HIDDEN',
  /** A plus sign, three slashes: codes of places. */
  'PLACE_CODE',
  'NON_ASCII',
  'LABEL',
  'MONTH',
  'STREET',
  'BIRTH',
  'CARD',
  'POST',
  'GEO',
  'PERSON_ID',
  'USER',
  'SAID',
  'DEVICE',
  'BANK',
  'SEED',
  'ORIGIN',
  /** Words and brackets of `spelled` views, cues of `turned` ones. */
  'SPELLED',
  'TURNED',
] as const;
export type TriggerName = (typeof NAMES)[number];
export const TRIGGER = Object.fromEntries(NAMES.map((name, i) => [name, (1 << i) >>> 0])) as Record<
  TriggerName,
  number
>;

/** Letters of a lead: 0 none, 1-26 a-z, 27 any character beyond ASCII. */
const SYMBOLS = 28;
const OTHER = 27;
const WORDS = new Uint32Array(SYMBOLS * SYMBOLS * SYMBOLS);

/**
 * Registers words by their first three letters; shorter ones only where they end. A word that opens with a letter
 * beyond ASCII is registered from the next one on, where the pass takes a word to start.
 */
function register(name: TriggerName, words: string): void {
  for (const word of words.split(/[\s|]+/)) {
    const letters = word.replace(/^[^a-z]+/, '');
    if (letters === '') continue;
    const [a, b, c] = [0, 1, 2].map((i) => symbolOf(letters[i]));
    WORDS[(a! * SYMBOLS + b!) * SYMBOLS + c!]! |= TRIGGER[name];
  }
}
const symbolOf = (letter: string | undefined): number => {
  if (letter === undefined) return 0;
  const code = letter.charCodeAt(0);
  return code >= 0x61 && code <= 0x7a ? code - 0x60 : code > 127 ? OTHER : 0;
};

register(
  'LABEL',
  `driver driving dl führerschein permis permiso licencia patente carta passport reisepass passeport pasaporte passaporto paspoort
  passaporte tax taxpayer tin ein steuer vat ust numéro national identity id personalausweis residence visa voter aadhaar
  cédula cpf curp nric mrn medical patient patienten health insurance versicherten krankenkasse prescription rx npi dea
  medicaid medicare subscriber policy nhs customer client member employee user staff student badge personnel loyalty
  frequent miles account acct kunden mitglied mitarbeiter matrikel cliente klant userid uid usr contract vertrag profile
  login payer merchant tenant vendor supplier driver candidate applicant contact order ticket case invoice booking
  reservation confirmation reference ref claim incident transaction payment receipt purchase parcel package tracking
  shipment consignment return rma complaint application request service bestell auftrag rechnung buchung sendung vorgang
  commande facture pedido factura ordine fattura bestelling factuur pnr record serial s sn udid idfa gaid aaid android
  device hardware push installation machine esn meid imei advertising seriennummer asset license licence number
  registration reg plate kennzeichen matrícula targa immatriculation kenteken vehicle meeting zoom conference webinar
  numer número nif nie dni ssn social sozial sécurité bsn pesel personal`,
);
register(
  'MONTH',
  `january feb fév mar mär mrz apr avr may mai jun jul aug aoû sep oct okt nov dec dez déc enero abril mayo agosto
  octubre diciembre gen aprile mag giu lug set ott dic janeiro fev mai jun out dez maart mei`,
);
register(
  'STREET',
  `street avenue boulevard road lane drive court crescent terrace highway parkway turnpike cul alley freeway motorway blvd ave
  rd ln pkwy hwy st str dr ct cres ter pl sq way place square close row mews walk gardens grove hill park yard quay wharf
  parade rise vale view green circle cir loop trail pike path bend crossing point heights gate promenade esplanade plaza
  circus bridge islands isle crossroad ridge run pass cove meadow forge mill landing glen rua r av travessa calle c paseo
  carrer via vicolo piazza corso largo ul ulica al os bd chemin impasse allée route cours am an auf zum zur im hoge
  lange korte quadra box postfach post postbus apartado apdo caixa casella boîte b p po psc cmr unit us usns usnv uscgc apo
  fpo dpo apt apartment suite flat corner wohnung`,
);
register('BIRTH', 'd dob birth born bday b geb né née naissance nacido nacimiento nato nata nascita geboorte');
register('CARD', 'ending ends last endet finissant terminado terminada cvv cvc cid card security');
register('POST', 'zip post postal plz code cp cap código codigo cep eircode pin postleitzahl');
register('GEO', 'lat lng lon long geo geohash');
register(
  'PERSON_ID',
  'cus acct usr user uid mem emp patient cust sub client auth google contact person lead customer member employee',
);
register(
  'USER',
  `user username login log screen nick handle account benutzer gamertag skype discord slack telegram wechat instagram insta
  twitter snapchat github enduser accepted failed authentication session auth password logged signed sign authenticated
  running run impersonating on for by`,
);
register(
  'SAID',
  `pass pwd pw kennwort contraseña senha mot wachtwoord wifi wi door gate alarm secret verification security confirmation
  authentication authorization access login log sign one sms fa mfa otp activation unlock reset bestätigungs sicherheits
  your the code pin tan einmalcode código is`,
);
register('DEVICE', 'imei imeisv iccid imsi sim macbook imac iphone ipad mbp mac laptop thinkpad galaxy pixel local');
register(
  'BANK',
  'bic swift routing aba rtn sort blz bankleitzahl bank account acct a konto checking savings current compte cuenta conto conta rekening iban',
);
register('SEED', 'seed recovery mnemonic backup');
register(
  'ORIGIN',
  `afg alb alg ame arg arm aus aze ban bel bol bos bra bri bul cam can chi col con cro cub cyp cze dan dut ecu egy eng eri est eth
  fil fin fre geo ger gha gre gua hai hun ice ind ira iri isr ita ivo jam jap jor kaz ken kor kur kuw lat leb lib lit mac mal
  mex mol mon mor nep nig nor pak pal per pol por rom rus rwa sau sco sen ser sin slo som spa sud swe swi syr tai tam tha tun
  tur uga ukr uru uzb ven vie wel yem zam zim cat pro mus jew hin bud sik chr`,
);
register('SPELLED', 'dot punkt point punto ponto punt');
register('TURNED', 'rot reversed backward backwards umgekehrt mirrored rückwärts reverse');

/** Number words, for runs of them: two that start within twelve characters are worth a look. */
const DIGIT_WORD = new Uint8Array(WORDS.length);
for (const word of 'zero oh o one two three four five six seven eight nine ten eleven twelve double triple null eins zwei zwo drei vier sechs sieben acht neun deux trois quatre cinq sept huit cero uno dos tres cuatro cinco seis siete ocho nueve treble neuf'.split(
  ' ',
))
  DIGIT_WORD[(symbolOf(word[0]) * SYMBOLS + symbolOf(word[1])) * SYMBOLS + symbolOf(word[2])] = 1;

/** 1 digit, 2 small letter, 3 capital, 4 blank, 5 beyond ASCII, 0 a sign. */
const KIND = new Uint8Array(128);
const LETTER = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
  if (code >= 0x30 && code <= 0x39) KIND[code] = 1;
  else if (code >= 0x61 && code <= 0x7a) KIND[code] = 2;
  else if (code >= 0x41 && code <= 0x5a) KIND[code] = 3;
  else if (code <= 0x20) KIND[code] = 4;
  const lower = code | 0x20;
  if (lower >= 0x61 && lower <= 0x7a && code >= 0x41) LETTER[code] = lower - 0x60;
}

const symbolAt = (text: string, at: number): number => {
  if (at >= text.length) return 0;
  const code = text.charCodeAt(at);
  return code < 128 ? LETTER[code]! : OTHER;
};
const leadAt = (text: string, at: number): number => {
  const b = symbolAt(text, at + 1);
  return (symbolAt(text, at) * SYMBOLS + b) * SYMBOLS + (b === 0 ? 0 : symbolAt(text, at + 2));
};

export type Scan = {
  /** All triggers of the text, and those of each block. */
  bits: number;
  blocks: Uint32Array;
  digits: number;
  longest: number;
  cluster: number;
  singles: number;
  hasLines: boolean;
  hasNonAscii: boolean;
  /** Signs by `BIT` of `traits.ts`. */
  marks: number;
};

const T = TRIGGER;
const OF_TOKENS = { 17: T.LONG17, 32: T.LONG32 } as const;

/** @param signs a bit for each sign that `marks` tells of, by its code */
export function scanTriggers(text: string, signs: Int32Array): Scan {
  const blocks = new Uint32Array((text.length >> 6) + 1);
  let digits = 0;
  let marks = 0;
  let longest = 0;
  let hasLines = false;
  let hasNonAscii = false;
  let cluster = 0;
  let chain = 0;
  let run = 0;
  let lastDigit = -9;
  let lastBlank = -1;
  let wordLength = 0;
  let lastSingle = -9;
  let single = 0;
  let singles = 0;
  let lastDot = -9;
  let lastColon = -9;
  let lastHyphen = -9;
  let lastDigitWord = -99;
  let before = 4;
  for (let i = 0; i <= text.length; i++) {
    const code = i < text.length ? text.charCodeAt(i) : 0x20;
    const block = i >> 6;
    if (code >= 128) {
      hasNonAscii = true;
      blocks[block]! |= T.NON_ASCII;
      if (code === 0x2022 || code === 0xb7 || code === 0x25cf || code === 0x2026) blocks[block]! |= T.HIDDEN;
      wordLength++;
      before = 5;
      continue;
    }
    const kind = KIND[code]!;
    if (kind === 1) {
      digits++;
      wordLength++;
      run = before === 1 ? run + 1 : 1;
      chain = i - lastDigit <= 4 ? chain + 1 : 1;
      let bits = T.DIGIT;
      if (chain >= 3) {
        bits |= T.CLUSTER3;
        if (chain >= 7) bits |= chain >= 12 ? T.CLUSTER7 | T.CLUSTER12 : T.CLUSTER7;
        if (chain > cluster) cluster = chain;
      } else if (chain > cluster) cluster = chain;
      if (run >= 4) bits |= T.RUN4;
      if (before === 3) bits |= T.CAPITAL_DIGIT;
      else if (before === 0 && lastDigit === i - 2) {
        const sign = text.charCodeAt(i - 1);
        if (sign === 0x2e || sign === 0x2f || sign === 0x2d) bits |= T.SEPARATED;
      } else if (before === 4) bits |= T.WORD_NUMBER;
      blocks[block]! |= bits;
      lastDigit = i;
      before = 1;
      continue;
    }
    if (kind === 2 || kind === 3) {
      wordLength++;
      if (kind === 3 && before === 1) blocks[block]! |= T.CAPITAL_DIGIT;
      if (before !== 2 && before !== 3) {
        const lead = leadAt(text, i);
        const bits = WORDS[lead]!;
        if (bits !== 0) blocks[block]! |= bits;
        if (DIGIT_WORD[lead] === 1) {
          if (i - lastDigitWord <= 12) blocks[block]! |= T.SPELLED;
          lastDigitWord = i;
        }
      }
      if ((code | 0x20) === 0x78 && i > 0 && (text.charCodeAt(i - 1) | 0x20) === 0x78) blocks[block]! |= T.HIDDEN;
      before = kind;
      continue;
    }
    if (wordLength === 1) {
      single = i - 1 - lastSingle <= 3 ? single + 1 : 1;
      lastSingle = i - 1;
      if (single > singles) singles = single;
    }
    wordLength = 0;
    before = kind;
    if (kind === 4) {
      const length = i - lastBlank - 1;
      if (length > longest) longest = length;
      if (length >= 17)
        for (let at = (lastBlank + 1) >> 6; at <= block && at < blocks.length; at++)
          blocks[at]! |= length >= 32 ? OF_TOKENS[17] | OF_TOKENS[32] : OF_TOKENS[17];
      lastBlank = i;
      if (code === 0x0a) hasLines = true;
      continue;
    }
    marks |= signs[code]!;
    switch (code) {
      case 0x2e: // .
        if (i - lastDot <= 5) blocks[block]! |= (i - lastDot === 1 ? T.HIDDEN : 0) | T.HEX_PAIRS | T.DOTS;
        lastDot = i;
        break;
      case 0x3a: // :
        if (i - lastColon <= 5) blocks[block]! |= T.COLONS;
        lastColon = i;
        break;
      case 0x2d: // -
        if (i - lastHyphen <= 3) blocks[block]! |= T.HEX_PAIRS;
        lastHyphen = i;
        break;
      case 0x2b: // +
        blocks[block]! |= T.PLACE_CODE;
        break;
      case 0x2a: // *
      case 0x23: // #
        if (i > 0 && text.charCodeAt(i - 1) === code) blocks[block]! |= T.HIDDEN;
        break;
      case 0x2f: // /
        if (i > 1 && text.charCodeAt(i - 1) === code && text.charCodeAt(i - 2) === code) blocks[block]! |= T.PLACE_CODE;
        break;
      case 0x28: // (
      case 0x5b: // [
      case 0x7b: // {
      case 0x3c: {
        // <at>, [ . ], (at)
        const next = text.charCodeAt(i + 1) === 0x20 ? i + 2 : i + 1;
        const sign = text.charCodeAt(next);
        if (sign === 0x40 || sign === 0x2e || ((sign | 0x20) === 0x61 && (text.charCodeAt(next + 1) | 0x20) === 0x74))
          blocks[block]! |= T.SPELLED;
        break;
      }
    }
  }
  let bits = 0;
  for (const block of blocks) bits |= block;
  return { bits: bits >>> 0, blocks, digits, longest, cluster, singles, hasLines, hasNonAscii, marks };
}

/** Where words start that have this trigger; also those behind a digit, which patterns may refuse. */
export function wordStarts(text: string, trigger: number): number[] {
  const starts: number[] = [];
  let isInside = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const isLetter = code < 128 && LETTER[code] !== 0;
    if (isLetter && !isInside && (WORDS[leadAt(text, i)]! & trigger) !== 0) starts.push(i);
    isInside = isLetter;
  }
  return starts;
}

/** Matches of a sticky pattern at these places, none inside the one before. */
export function matchesAt(text: string, starts: readonly number[], pattern: RegExp): RegExpExecArray[] {
  const matches: RegExpExecArray[] = [];
  let end = 0;
  for (const start of starts) {
    if (start < end) continue;
    pattern.lastIndex = start;
    const match = pattern.exec(text);
    if (match === null) continue;
    matches.push(match);
    end = start + Math.max(1, match[0].length);
  }
  return matches;
}

/** Stretches around the blocks that have one of these triggers, sorted and disjoint; a blank or `REACH` parts them. */
export function stretchesOf(text: string, blocks: Uint32Array, triggers: number): { start: number; end: number }[] {
  const stretches: { start: number; end: number }[] = [];
  for (let at = 0; at < blocks.length; at++) {
    if ((blocks[at]! & triggers) === 0) continue;
    const start = Math.max(0, at * BLOCK - REACH);
    const end = Math.min(text.length, (at + 1) * BLOCK + REACH);
    const last = stretches.at(-1);
    if (last !== undefined && start <= last.end) last.end = end;
    else stretches.push({ start, end });
  }
  for (const stretch of stretches) {
    stretch.start = blankBefore(text, stretch.start);
    stretch.end = blankBehind(text, stretch.end);
  }
  return stretches;
}

/** How far a stretch grows so that it cuts no word. */
const MAX_WORD = 64;

/** The start of the word at `at`, or `MAX_WORD` before. */
export function blankBefore(text: string, at: number): number {
  for (let i = at; i > 0 && at - i < MAX_WORD; i--) if (text.charCodeAt(i - 1) <= 0x20) return i;
  return Math.max(0, at - MAX_WORD);
}

export function blankBehind(text: string, at: number): number {
  for (let i = at; i < text.length && i - at < MAX_WORD; i++) if (text.charCodeAt(i) <= 0x20) return i;
  return Math.min(text.length, at + MAX_WORD);
}
