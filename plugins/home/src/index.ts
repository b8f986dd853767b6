export { homePlugin as default } from './plugin';
export { type InboxPart, type InboxPartProps } from './inbox/InboxPart';
export { InboxPartBlueprint } from './inbox/InboxPartBlueprint';
export { type HomePart, type HomePartProps } from './part/HomePart';
export { HomePartBlueprint } from './part/HomePartBlueprint';
export { type InboxItem, InboxList } from './components/InboxList';
