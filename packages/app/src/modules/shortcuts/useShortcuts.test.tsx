import { fireEvent, render, screen } from '@testing-library/react';
import { switchShortcuts } from './shortcutSetting';
import { useShortcuts } from './useShortcuts';

const ran: string[] = [];

function Page() {
  useShortcuts(
    ['g c', 'c', '?'].map(keys => ({ keys, run: () => ran.push(keys) })),
    () => ran.push('quick open'),
  );
  return <input aria-label="Name" />;
}

const type = (element: Element, ...keys: string[]) =>
  keys.forEach(key => fireEvent.keyDown(element, { key }));

beforeEach(() => {
  ran.length = 0;
  window.localStorage.clear();
  render(<Page />);
});

it('runs single keys and pairs', () => {
  type(document.body, 'g', 'c', 'c', '?');
  expect(ran).toEqual(['g c', 'c', '?']);
});

it('is silent while somebody types, and forgets the first key of a pair', () => {
  const field = screen.getByLabelText('Name');
  type(document.body, 'g');
  type(field, 'c', '?');
  expect(ran).toEqual([]);
  type(document.body, 'c');
  expect(ran).toEqual(['c']);
});

it('opens with a modifier even from a field and with shortcuts switched off', () => {
  switchShortcuts(false);
  type(document.body, 'c', '?');
  expect(ran).toEqual([]);
  fireEvent.keyDown(screen.getByLabelText('Name'), { key: 'k', ctrlKey: true });
  fireEvent.keyDown(document.body, { key: 'k', metaKey: true });
  expect(ran).toEqual(['quick open', 'quick open']);
  switchShortcuts(true);
  type(document.body, 'c');
  expect(ran).toEqual(['quick open', 'quick open', 'c']);
});
