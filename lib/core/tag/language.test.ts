import { describe, expect, it } from 'vitest';
import { detectLanguage } from './language.ts';

describe('which language is it?', () => {
  it.each([
    ['en', 'Where is my order? It should have been here on Monday.'],
    ['de', 'Ich möchte meine Bestellung stornieren, bitte.'],
    ['fr', 'Je voudrais savoir où est ma commande, merci.'],
    ['es', 'Quiero saber dónde está mi pedido, por favor.'],
    ['pt', 'Não sei onde está o meu pedido, obrigado.'],
    ['it', 'Vorrei sapere perché il mio ordine non è arrivato.'],
    ['nl', 'Ik wil graag weten waar mijn bestelling is.'],
    ['ja', '注文はどこですか'],
    ['zh', '我的订单在哪里'],
    ['ko', '제 주문은 어디에 있나요'],
    ['other', 'Где мой заказ? Я жду уже неделю.'],
  ])('%s', (language, text) => {
    expect(detectLanguage(text)).toBe(language);
  });

  it('says und rather than guess', () => {
    expect(detectLanguage('')).toBe('und');
    expect(detectLanguage('OK')).toBe('und');
    expect(detectLanguage('4711 XJ-200')).toBe('und');
  });

  it('reads past placeholders, code and addresses', () => {
    expect(detectLanguage('[PERSON_1] [EMAIL_1] [LOCATION_2]')).toBe('und');
    expect(detectLanguage('Wie kann ich das `if the value is not in the list` reparieren? Es ist nicht klar.')).toBe(
      'de',
    );
    expect(detectLanguage('Hallo, ich bin [PERSON_1] und ich habe eine Frage.')).toBe('de');
  });

  it('stays quick on a long text', () => {
    const started = performance.now();
    detectLanguage('the quick brown fox '.repeat(200_000));
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
