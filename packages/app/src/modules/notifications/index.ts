export { notificationsModule } from './notificationsModule';
export { useUnreadCount } from './useUnreadCount';
