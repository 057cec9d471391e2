/**
 * Nationalities and faiths. Beside words that speak of people they are said of someone; elsewhere they are a suggestion.
 * Languages ("in French", "speaks Italian") are none.
 */
import { matchesAt, TRIGGER, wordStarts } from '../triggers.ts';
import type { Hit, Rule } from './rule.ts';

const WORD =
  /(?<![\p{L}\d_/@#.-])(?:afghan|albanian|algerian|american|argentin(?:e|ian)|armenian|australian|austrian|azerbaijani|bangladeshi|belarusian|belgian|bolivian|bosnian|brazilian|british|bulgarian|cambodian|cameroonian|canadian|chilean|chinese|colombian|congolese|croatian|cuban|cypriot|czech|danish|dutch|ecuadorian|egyptian|english|eritrean|estonian|ethiopian|filipin[oa]|finnish|french|georgian|german|ghanaian|greek|guatemalan|haitian|hungarian|icelandic|indian|indonesian|iranian|iraqi|irish|israeli|italian|ivorian|jamaican|japanese|jordanian|kazakh|kenyan|korean|kurdish|kuwaiti|latvian|lebanese|libyan|lithuanian|macedonian|malaysian|maltese|mexican|moldovan|mongolian|moroccan|nepalese|nigerian|norwegian|pakistani|palestinian|peruvian|polish|portuguese|romanian|russian|rwandan|saudi|scottish|senegalese|serbian|singaporean|slovak|slovenian|somali|spanish|sudanese|swedish|swiss|syrian|taiwanese|tamil|thai|tunisian|turkish|ugandan|ukrainian|uruguayan|uzbek|venezuelan|vietnamese|welsh|yemeni|zambian|zimbabwean|catholic|protestant|muslim|jewish|hindu|buddhist|sikh|christian)s?(?![\p{L}\d_@/-])/iuy;
const PEOPLE_BEFORE =
  /(?:\b(?:i am|i'm|im|he is|he's|she is|she's|they are|we are|was|were|being|a|an|nationality(?: is|:)?|national of|citizen(?:ship)?(?: is|:)?|born|ethnic|young|old|elderly|two|three|devout|practi[cs]ing)[ \t]{1,2}(?:an? )?)$/i;
const PEOPLE_BEHIND =
  /^[ \t]{1,2}(?:national|nationals|citizen|citizens|man|men|woman|women|people|person|family|origin|descent|immigrant|refugee|passport|mother|father|wife|husband|parents|student|lawyer|soldier|national\b|authorities|government|politician|actor|singer|player|by birth)\b/i;
const LANGUAGE_BEFORE =
  /\b(?:in|into|to|from|speak|speaks|speaking|spoke|spoken|learn|learning|read|write|language|languages|fluent in|translate\w*|and|or|,)[ \t]{1,2}$/i;

export const demographicRule: Rule = {
  detector: 'rule:demographic@1',
  triggers: TRIGGER.ORIGIN,
  needs: (traits) => traits.longest >= 4,
  find({ text }) {
    const hits: Hit[] = [];
    for (const match of matchesAt(text, wordStarts(text, TRIGGER.ORIGIN), WORD)) {
      const end = match.index + match[0].length;
      const before = text.slice(Math.max(0, match.index - 28), match.index);
      const isPerson = PEOPLE_BEFORE.test(before) || PEOPLE_BEHIND.test(text.slice(end, end + 20));
      if (!isPerson && (LANGUAGE_BEFORE.test(before) || !/^\p{Lu}/u.test(match[0]))) continue;
      hits.push({ start: match.index, end, type: 'DEMOGRAPHIC', score: isPerson ? 0.62 : 0.35, subtype: 'origin' });
    }
    return hits;
  },
};
