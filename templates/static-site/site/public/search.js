// Searches in the browser: the pages are few, and nothing leaves the site.
const input = document.getElementById('search');
const results = document.getElementById('results');
let pages;

input.addEventListener('input', async () => {
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  pages ??= await (await fetch('search.json')).json();
  const found = pages.filter(({ title, text }) =>
    words.every(word => `${title} ${text}`.toLowerCase().includes(word)),
  );
  results.hidden = words.length === 0;
  results.replaceChildren(
    ...(found.length > 0 ? found : [{ title: 'Nothing found' }]).map(
      ({ address, title }) => {
        const item = document.createElement('li');
        const link = document.createElement(address ? 'a' : 'span');
        if (address) link.href = address;
        link.textContent = title;
        item.append(link);
        return item;
      },
    ),
  );
});
