import { isMeantForElement, type KeyPress, readKeys } from './readKeys';

const known = ['/', '?', 'c', 'g c', 'g h'];
const press = (key: string, modifiers: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...modifiers,
});

describe('readKeys', () => {
  it.each([
    ['?', undefined, { kind: 'complete', keys: '?' }],
    ['c', undefined, { kind: 'complete', keys: 'c' }],
    ['G', undefined, { kind: 'begun', keys: 'g' }],
    ['c', 'g', { kind: 'complete', keys: 'g c' }],
    ['h', undefined, { kind: 'ignored' }],
    // A pair that is none starts anew with its second key.
    ['/', 'g', { kind: 'complete', keys: '/' }],
    ['g', 'g', { kind: 'begun', keys: 'g' }],
    ['x', 'g', { kind: 'ignored' }],
    ['Escape', 'g', { kind: 'ignored' }],
  ])('reads %j after %j', (key, pending, expected) => {
    expect(readKeys(press(key), pending, known)).toEqual(expected);
  });

  it.each(['ctrlKey', 'metaKey', 'altKey'] as const)(
    'leaves presses with %s to the browser',
    modifier => {
      expect(readKeys(press('c', { [modifier]: true }), 'g', known)).toEqual({
        kind: 'ignored',
      });
    },
  );
});

describe('isMeantForElement', () => {
  it.each([
    ['<input id="x">', true],
    ['<textarea id="x"></textarea>', true],
    ['<select id="x"></select>', true],
    ['<div role="textbox" id="x"></div>', true],
    ['<ul role="menu"><li role="menuitem" id="x"></li></ul>', true],
    ['<ul role="listbox"><li role="option" id="x"></li></ul>', true],
    ['<dialog open><button id="x"></button></dialog>', true],
    ['<div role="dialog"><button id="x"></button></div>', true],
    ['<button id="x"></button>', false],
    ['<table><tbody><tr><td id="x"></td></tr></tbody></table>', false],
    ['<a href="/" id="x"></a>', false],
  ])('decides about %s', (html, expected) => {
    document.body.innerHTML = html;
    expect(isMeantForElement(document.getElementById('x'))).toBe(expected);
  });
});
