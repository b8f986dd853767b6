import { expect, test } from '@playwright/test';
import { expectAccessible } from './support/accessibility';
import { personas } from './support/personas';
import { signIn } from './support/signIn';

test('a developer creates a service from a template and finds all of it', async ({
  page,
}) => {
  test.slow();
  const name = `stock-${Date.now().toString(36)}`;
  await signIn(page, personas.auroraDeveloper);
  await page
    .getByRole('navigation', { name: 'Main' })
    .getByRole('link', { name: 'Create' })
    .click();
  const template = page.getByRole('link', { name: 'TypeScript service' });
  await expect(template).toBeVisible();
  await expectAccessible(page);
  await template.click();

  const main = page.getByRole('main');
  await main.getByLabel('Name').fill(name);
  await main.getByLabel('What is it for?').fill('Tells how much is in stock.');
  await main.getByLabel('Owner').click();
  await page.getByRole('option', { name: /checkout/i }).click();
  await expectAccessible(page);
  await main.getByRole('button', { name: 'Next' }).click();
  // What it belongs to and calls is chosen among what the own organisation has.
  await main.getByLabel('System').click();
  await page.getByRole('option', { name: 'Ordering' }).click();
  await main.getByLabel('APIs that it calls').click();
  await page.getByRole('option', { name: 'picking-slots-api' }).click();
  await page.keyboard.press('Escape');
  await expectAccessible(page);
  await main.getByRole('button', { name: 'Review' }).click();
  await expect(main).toContainText(name);
  await main.getByRole('button', { name: 'Create the service' }).click();

  const entityLink = page.getByRole('link', { name: 'Open it in the catalog' });
  await expect(entityLink).toBeVisible({ timeout: 60_000 });
  await expectAccessible(page);
  await entityLink.click();

  await expect(
    page.getByRole('heading', { name, exact: true }).last(),
  ).toBeVisible();
  for (const related of [/checkout/i, /ordering/i, /picking-slots-api/]) {
    await expect(
      main.getByRole('link', { name: related }).first(),
    ).toBeVisible();
  }
  await expect(
    main.getByRole('link', { name: 'Read the docs' }),
  ).toHaveAttribute('href', new RegExp(`/docs/aurora/component/${name}`, 'i'));
  await expect(
    main.getByRole('link', { name: 'Operation' }).first(),
  ).toHaveAttribute('href', new RegExp(`/docs/aurora/component/${name}`));
  await main
    .getByRole('link', { name: `${name}-api`, exact: true })
    .first()
    .click();
  await expect(page).toHaveURL(new RegExp(`/catalog/aurora/api/${name}`));
  await expect(
    page.getByRole('heading', { name: new RegExp(name) }).last(),
  ).toBeVisible();
  await expectAccessible(page);

  await page.goto(`/git/aurora/${name}`);
  await expect(main.getByRole('link', { name: 'package.json' })).toBeVisible();
  await expectAccessible(page);
});
