import { expect, test } from '@playwright/test';
import { expectAccessible } from './support/accessibility';
import { accountMenu } from './support/signIn';

const people = [
  ['Kim Nguyen, Aurora Retail', 5],
  ['Robin Castellanos, Aurora Retail', 5],
  ['Alex Okafor, Aurora Retail', 4],
  ['Vera Lindqvist, Aurora Retail', 4],
  ['Lee Moreau, Borealis Travel', 5],
  ['Ana Auditor, Platform', 3],
  ['Pat Platform, Platform', 5],
] as const;

for (const [name, steps] of people) {
  test(`every step of the tour as ${name} leads to a page`, async ({
    page,
  }) => {
    test.slow();
    await page.goto('/');
    const offer = page.getByLabel(
      new RegExp(`^Tour of three minutes, .* as ${name}`),
    );
    await offer.click();
    const first = page
      .getByRole('group')
      .filter({ has: offer })
      .getByRole('link')
      .first();
    await first.click();
    await expect(accountMenu(page)).toBeVisible();

    const tour = page.getByRole('region', { name: 'Guided tour' });
    await expect(tour.getByRole('link')).toHaveCount(steps);
    for (let step = 0; step < steps; step++) {
      await tour.getByRole('link').nth(step).click();
      await expect(tour.getByRole('link').nth(step)).toHaveAttribute(
        'aria-current',
        'step',
      );
      await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
      await expect(page.getByRole('progressbar')).toHaveCount(0);
      await expect(page.getByRole('status', { name: 'Loading' })).toHaveCount(
        0,
      );
      await expect(page.getByText('Page not found')).toHaveCount(0);
      await expect(page.getByRole('alert')).toHaveCount(0);
    }
    await expect(tour).toContainText(`${steps} of ${steps} done`);
    await expectAccessible(page);
  });
}

test('the tour can be left, and opened again in the help menu', async ({
  page,
}) => {
  await page.goto('/');
  await page
    .getByLabel(/^Tour of three minutes, .* as Kim Nguyen, Aurora/)
    .click();
  await page.getByRole('link', { name: 'A service' }).first().click();
  const tour = page.getByRole('region', { name: 'Guided tour' });
  await expect(tour).toContainText('1 of 5 done');
  await tour.getByRole('button', { name: 'Leave the tour' }).click();
  await expect(tour).toBeHidden();
  await page.reload();
  await expect(accountMenu(page)).toBeVisible();
  await expect(tour).toBeHidden();
  await page.getByRole('button', { name: 'Help' }).click();
  await page.getByRole('menuitem', { name: 'Guided tour' }).click();
  await expect(tour).toContainText('1 of 5 done');
});
