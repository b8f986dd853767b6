import { act, render, screen } from '@testing-library/react';
import { currentMark, useCurrentPath } from './useCurrentPath';

function Path() {
  return <output>{useCurrentPath()}</output>;
}

describe('useCurrentPath', () => {
  it('follows the history', () => {
    window.history.replaceState(null, '', '/catalog');
    render(<Path />);
    expect(screen.getByRole('status')).toHaveTextContent('/catalog');
    act(() => {
      window.history.replaceState(null, '', '/docs');
      window.dispatchEvent(new PopStateEvent('popstate'));
    });
    expect(screen.getByRole('status')).toHaveTextContent('/docs');
  });
});

describe('currentMark', () => {
  it.each([
    ['/', '/', 'page'],
    ['/catalog', '/', undefined],
    ['/catalog', '/catalog', 'page'],
    ['/catalog/aurora/component/cart', '/catalog', 'true'],
    ['/catalog-graph', '/catalog', undefined],
  ] as const)('on %s marks the link to %s as %s', (path, href, mark) => {
    expect(currentMark(path, href)).toBe(mark);
  });
});
