/** Invented values with the check digits that their kinds ask for. Every pool is cut in two: `dev` and `test`. */

/** A small generator of numbers with a seed (mulberry32). */
export function chanceOf(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const words = (text) => text.trim().split(/\s+/);
const half = (list, split) => list.filter((_, i) => (i % 2 === 0) === (split === 'dev'));

const FIRST = {
  en: words(
    'Mara Owen Tessa Callum Ivy Duncan Hazel Rory Nadia Felix Bryony Angus Lorna Miles Phoebe Stuart Greta Ewan Maeve Jonah',
  ),
  de: words('Jonas Annika Lukas Friederike Matthias Svenja Torsten Heike Jürgen Ulrike Björn Silke Günther Anke'),
  fr: words('Élodie Thibault Maëlle Gaëtan Solène Bastien Océane Rémi Clémence Quentin'),
  es: words('Lucía Álvaro Inés Joaquín Begoña Íñigo Rocío Andrés Marisol Iker'),
  pt: words('Thaís João Beatriz Caio Inês Gonçalo Letícia Vasco Raquel Otávio'),
  it: words('Giulia Niccolò Ilaria Fabrizio Chiara Ettore Benedetta Dario Ornella Ruggero'),
  nl: words('Femke Sander Anouk Joris Maaike Bram Liesbeth Wouter Sanne Thijs'),
  other: words('Nguyệt Olumide Priya Zeynep Katarzyna Dmitri Aaliyah Haruto Mbali Søren Anahit Tariq Meilin Bogdan'),
};
const LAST = {
  en: words(
    'Quist Harrowgate Penhallow Tallow Birkett Stanmore Ashdown Corrigan Wetherby Lockhart Dunmore Fairweather Hollis Kinsella Pemberton Radley Thackeray Underhill Vane Wyndham',
  ),
  de: words('Vetterli Brandstetter Kühnel Oberhauser Lindemann Scholten Weißgerber Pfeiffer Dreyer Hagedorn'),
  fr: words('Delacourt Mercadier Lavigne Beauchêne Charpentier Rousselin Fontaneau Guillemot'),
  es: words('Ferreiro Villanueva Echeverría Zabaleta Montalbán Quintanilla Arrieta Gallardo'),
  pt: words('Figueiredo Vasconcelos Cerqueira Nogueira Bragança Siqueira'),
  it: words('Bellandi Corsaro Mazzanti Trevisan Quaglia Santarelli'),
  nl: words('Verhoeven Hoogland Dijkstra Terpstra Kuipers Brouwer'),
  other: words('Adeyemi Krishnan Yıldız Wójcik Volkov Haddad Tanaka Dlamini Lindqvist Petrosyan Rahmani Zhao'),
};
const CITIES = words(
  'Skarnby Tolvik Ghent Porto Leipzig Toulouse Bilbao Utrecht Ravenna Malmö Cork Graz Lublin Nantes Coimbra Bergen Dundee Verona',
);
const COMPANIES = [
  'Tallow Freight',
  'Quist & Vane',
  'Harbourlight GmbH',
  'Merrow Analytics',
  'Oakhollow Ltd',
  'Penhallow Foods',
  'Skarn Logistics',
  'Brightwell Clinic',
  'Aldermoor School',
  'Corrigan Motors',
];
const STREETS = [
  'Tallow Row',
  'Harrow Lane',
  'Mill Street',
  'Station Road',
  'Kingsway Avenue',
  'Orchard Close',
  'Bridge Street',
  'Chapel Lane',
];
const COMMON = words('plum river stone amber kettle harbour lantern maple copper willow saddle thunder');

const luhn = (digits) => {
  let sum = 0;
  [...digits].reverse().forEach((char, i) => {
    let digit = Number(char);
    if (i % 2 === 0) digit = digit > 4 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  });
  return String((10 - (sum % 10)) % 10);
};
const mod97 = (text) =>
  [...text].reduce(
    (rest, char) => (/\d/.test(char) ? (rest * 10 + Number(char)) % 97 : (rest * 100 + char.charCodeAt(0) - 55) % 97),
    0,
  );

/** @param split 'dev' or 'test' */
export function valuesOf(split, chance) {
  const pick = (list) => list[Math.floor(chance() * list.length)];
  const digits = (n) => Array.from({ length: n }, () => Math.floor(chance() * 10)).join('');
  const code = (n, alphabet) => Array.from({ length: n }, () => pick([...alphabet])).join('');
  const ALNUM = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
  const HEX = '0123456789abcdef';
  const between = (least, most) => least + Math.floor(chance() * (most - least + 1));
  const two = (n) => String(n).padStart(2, '0');
  const first = (tongue) => pick(half(FIRST[tongue ?? pick(Object.keys(FIRST))], split));
  const last = (tongue) => pick(half(LAST[tongue ?? pick(Object.keys(LAST))], split));
  const plain = (text) =>
    text
      .normalize('NFD')
      .replace(/[^\x00-\x7f]/g, '')
      .toLowerCase();
  const iban = (country, length) => {
    const body = digits(length - 4);
    return `${country}${two(98 - mod97(`${body}${country}00`))}${body}`;
  };
  const dutch = () => {
    const body = `TALW${digits(10)}`;
    return `NL${two(98 - mod97(`${body}NL00`))}${body}`;
  };
  const uuid = () => `${code(8, HEX)}-${code(4, HEX)}-4${code(3, HEX)}-a${code(3, HEX)}-${code(12, HEX)}`;
  const make = {
    first: () => ['PERSON', first()],
    name: (tongue) => ['PERSON', `${first(tongue)} ${last(tongue)}`],
    lower: () => ['PERSON', `${first('en')} ${last('en')}`.toLowerCase()],
    swapped: () => ['PERSON', `${last('en')}, ${first('en')}`],
    handle: () => ['USERNAME', pick([`${plain(first())}${digits(2)}`, `${plain(first())[0]}${plain(last())}`])],
    email: () => [
      'EMAIL',
      `${plain(first())}.${plain(last())}@${pick(['tallow.example', 'merrow.test', 'harbour.invalid', 'post.skarn.example'])}`,
    ],
    phone: () => [
      'PHONE',
      pick([
        () => `+44 20 7946 0${digits(3)}`,
        () => `+1 415 555 01${digits(2)}`,
        () => `(212) 555-01${digits(2)}`,
        () => `+49 30 23125 ${digits(3)}`,
        () => `+33 1 99 00 ${digits(2)} ${digits(2)}`,
        () => `07700 900${digits(3)}`,
      ])(),
    ],
    card: () => {
      const body = `4000${digits(11)}`;
      const whole = body + luhn(body);
      return [
        'PAYMENT_CARD',
        pick([whole, whole.replace(/(\d{4})(?=\d)/g, '$1 '), whole.replace(/(\d{4})(?=\d)/g, '$1-')]),
      ];
    },
    iban: () => ['BANK_ACCOUNT', pick([iban('DE', 22), iban('FR', 27), iban('ES', 24), dutch(), iban('AT', 20)])],
    ssn: () => ['GOV_ID', `${between(100, 650)}-${two(between(10, 99))}-${between(1000, 9999)}`],
    nino: () => [
      'GOV_ID',
      `${pick(['AB', 'CE', 'JK', 'PR'])} ${digits(2)} ${digits(2)} ${digits(2)} ${pick(['A', 'B', 'C'])}`,
    ],
    dni: () => {
      const n = digits(8);
      return ['GOV_ID', n + 'TRWAGMYFPDXBNJZSQVHLCKE'[Number(n) % 23]];
    },
    cpf: () => {
      const b = digits(9);
      const check = (t) => {
        let s = 0;
        [...t].forEach((c, i) => {
          s += Number(c) * (t.length + 1 - i);
        });
        const r = (s * 10) % 11;
        return r === 10 ? 0 : r;
      };
      const a = check(b);
      return ['GOV_ID', `${b.slice(0, 3)}.${b.slice(3, 6)}.${b.slice(6)}-${a}${check(b + a)}`];
    },
    passport: () => ['GOV_ID', `${pick(['C', 'X', 'P'])}${digits(8)}`],
    ip: () => ['IP', `${pick(['203.0.113', '198.51.100', '81.17.22'])}.${between(2, 250)}`],
    ip6: () => ['IP', `2001:db8:${code(4, HEX)}:${between(1, 9)}::${code(3, HEX)}`],
    mac: () => [
      'DEVICE_ID',
      Array.from({ length: 6 }, () => code(2, HEX))
        .join(':')
        .replace(/^../, '3c'),
    ],
    account: () => ['ACCOUNT_ID', `${pick(['K', 'C', 'M'])}-${digits(7)}`],
    userid: () => ['ACCOUNT_ID', uuid()],
    order: () => ['RECORD_ID', `${pick(['ORD', 'TCK', 'INV'])}-${digits(6)}`],
    geo: () => ['GEO', `51.${digits(4)},-0.1${digits(3)}`],
    address: () => ['ADDRESS', `${between(2, 240)} ${pick(half(STREETS, split))}`],
    city: () => ['LOCATION', pick(half(CITIES, split))],
    company: () => ['ORG', pick(half(COMPANIES, split))],
    birth: () => [
      'DATE',
      pick([
        `${between(1, 28)} ${pick(['March', 'June', 'October'])} 19${between(60, 99)}`,
        `${two(between(1, 28))}.${two(between(1, 12))}.19${between(60, 99)}`,
        `19${between(60, 99)}-${two(between(1, 12))}-${two(between(1, 28))}`,
      ]),
    ],
    link: () => ['URL', `https://meet.invalid/${plain(first())}-${plain(last())}/30min`],
    password: () => ['SECRET', `${pick(COMMON).replace(/^./, (c) => c.toUpperCase())}-${pick(COMMON)}-${digits(2)}`],
    key: () => [
      'SECRET',
      pick([
        () => `ghp_${code(36, ALNUM)}`,
        () => `AKIA${code(16, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}`,
        () => `sk_live_${code(24, ALNUM)}`,
        () => `xoxb-${digits(12)}-${code(24, ALNUM)}`,
        () => `glpat-${code(20, ALNUM)}`,
        () => `hf_${code(34, 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ')}`,
      ])(),
    ],
    hex: () => ['SECRET', code(40, HEX)],
    otp: () => ['SECRET', digits(6)],
    // what only looks like any of it
    commit: () => [null, code(40, HEX)],
    uuid: () => [null, uuid()],
    version: () => [null, `${between(0, 20)}.${between(0, 40)}.${between(0, 9)}`],
    millis: () => [null, `17${digits(11)}`],
    iso: () => [
      null,
      `2026-0${between(1, 9)}-${two(between(1, 28))}T${two(between(0, 23))}:${two(between(0, 59))}:${two(between(0, 59))}Z`,
    ],
    number: () => [null, String(between(3, 90000))],
    port: () => [null, String(between(1024, 9999))],
    word: () => [null, pick(COMMON)],
  };
  return { make, plain, chance, pick };
}
