// The page's own words, in the languages a person's client can have here.
const WORDS = {
  en: {
    chats: "Chats", settings: "Settings", newChat: "New chat", note: "A local chat. Nothing leaves this computer.", back: "Back to chats",
    bot: "bot", typing: "typing…", sendingPhoto: "sending a photo…", sendingFile: "sending a file…", channel: "channel", you: "You", draft: "Message",
    broadcast: "Broadcast", send: "Send", menu: "Menu", commands: "Commands", start: "START", restart: "RESTART BOT", edited: "edited", messages: "Messages",
    today: "Today", yesterday: "Yesterday", blockedNote: "You blocked this bot.", left: "The bot isn't in this chat.", moved: "This group is now a supergroup.",
    reply: "Reply", edit: "Edit", copy: "Copy text", copied: "Copied", cancel: "Cancel", ok: "OK", create: "Create", more: "More", editing: "Edit message",
    block: "Block bot", unblock: "Unblock bot", addBot: "Add the bot", removeBot: "Remove the bot", promote: "Make the bot an admin", demote: "Make the bot a member",
    upgrade: "Upgrade to supergroup", newThread: "New topic", addPerson: "Add a person", writeAs: "Write as", all: "All", general: "General",
    theme: "Theme", auto: "Auto", light: "Light", dark: "Dark", language: "Language of your Telegram", clock: "Clock", hour: "+1 hour", day: "+1 day", clockMoved: "moved", clockNow: "not moved",
    name: "Name", kind: "Kind", person: "Person", group: "Group", forum: "Forum", newPersonHint: "Somebody else with a private chat with the bot", latest: "To the latest message", photo: "Photo", file: "File", close: "Close",
    botAdded: "{0} added {1}", botRemoved: "{0} removed {1}", upgraded: "The group was upgraded to a supergroup", topicMade: "{0} created the topic “{1}”", via: "via", asPerson: "as {0}",
    emptyBot: "What can this bot do?", emptyBotText: "Press START and it will tell you.", empty: "No messages here yet", spoiler: "Hidden text, press to show", unfold: "Show the whole quote", fold: "Fold the quote",
    searching: "Searching…", nothing: "Nothing found", lost: "The local chat isn't running. Reconnecting…", member: "members", noAnswer: "The bot didn't answer", unread: "unread", download: "Download", alert: "Message from the bot",
  },
  ru: {
    chats: "Чаты", settings: "Настройки", newChat: "Новый чат", note: "Локальный чат. Ничто не покидает этот компьютер.", back: "Назад к чатам",
    bot: "бот", typing: "печатает…", sendingPhoto: "отправляет фото…", sendingFile: "отправляет файл…", channel: "канал", you: "Вы", draft: "Сообщение",
    broadcast: "Публикация", send: "Отправить", menu: "Меню", commands: "Команды", start: "НАЧАТЬ", restart: "ПЕРЕЗАПУСТИТЬ БОТА", edited: "изменено", messages: "Сообщения",
    today: "Сегодня", yesterday: "Вчера", blockedNote: "Вы заблокировали этого бота.", left: "Бота нет в этом чате.", moved: "Эта группа стала супергруппой.",
    reply: "Ответить", edit: "Изменить", copy: "Копировать текст", copied: "Скопировано", cancel: "Отмена", ok: "ОК", create: "Создать", more: "Ещё", editing: "Изменение сообщения",
    block: "Заблокировать бота", unblock: "Разблокировать бота", addBot: "Добавить бота", removeBot: "Удалить бота", promote: "Назначить бота админом", demote: "Снять бота с админов",
    upgrade: "Сделать супергруппой", newThread: "Новая тема", addPerson: "Добавить человека", writeAs: "Писать от имени", all: "Все", general: "Общая",
    theme: "Оформление", auto: "Авто", light: "День", dark: "Ночь", language: "Язык вашего Telegram", clock: "Часы", hour: "+1 час", day: "+1 день", clockMoved: "переведены", clockNow: "не переведены",
    name: "Имя или название", kind: "Вид", person: "Человек", group: "Группа", forum: "Форум", newPersonHint: "Другой человек, у которого свой чат с ботом", latest: "К последнему сообщению", photo: "Фото", file: "Файл", close: "Закрыть",
    botAdded: "{0} добавил(а) {1}", botRemoved: "{0} удалил(а) {1}", upgraded: "Группа стала супергруппой", topicMade: "{0} создал(а) тему «{1}»", via: "через", asPerson: "как {0}",
    emptyBot: "Что умеет этот бот?", emptyBotText: "Нажмите НАЧАТЬ, и он расскажет.", empty: "Здесь пока нет сообщений", spoiler: "Скрытый текст, нажмите, чтобы открыть", unfold: "Показать всю цитату", fold: "Свернуть цитату",
    searching: "Поиск…", nothing: "Ничего не найдено", lost: "Локальный чат не запущен. Переподключение…", member: "участников", noAnswer: "Бот не ответил", unread: "непрочитанных", download: "Скачать", alert: "Сообщение от бота",
  },
  uk: {
    chats: "Чати", settings: "Налаштування", newChat: "Новий чат", note: "Локальний чат. Ніщо не залишає цей комп’ютер.", back: "Назад до чатів",
    bot: "бот", typing: "друкує…", sendingPhoto: "надсилає фото…", sendingFile: "надсилає файл…", channel: "канал", you: "Ви", draft: "Повідомлення",
    broadcast: "Допис", send: "Надіслати", menu: "Меню", commands: "Команди", start: "ПОЧАТИ", restart: "ПЕРЕЗАПУСТИТИ БОТА", edited: "змінено", messages: "Повідомлення",
    today: "Сьогодні", yesterday: "Учора", blockedNote: "Ви заблокували цього бота.", left: "Бота немає в цьому чаті.", moved: "Ця група стала супергрупою.",
    reply: "Відповісти", edit: "Змінити", copy: "Копіювати текст", copied: "Скопійовано", cancel: "Скасувати", ok: "Гаразд", create: "Створити", more: "Ще", editing: "Зміна повідомлення",
    block: "Заблокувати бота", unblock: "Розблокувати бота", addBot: "Додати бота", removeBot: "Вилучити бота", promote: "Зробити бота адміном", demote: "Зняти бота з адмінів",
    upgrade: "Зробити супергрупою", newThread: "Нова тема", addPerson: "Додати людину", writeAs: "Писати від імені", all: "Усі", general: "Загальна",
    theme: "Оформлення", auto: "Авто", light: "День", dark: "Ніч", language: "Мова вашого Telegram", clock: "Годинник", hour: "+1 година", day: "+1 день", clockMoved: "переведено", clockNow: "не переведено",
    name: "Ім’я або назва", kind: "Вид", person: "Людина", group: "Група", forum: "Форум", newPersonHint: "Інша людина, що має свій чат із ботом", latest: "До останнього повідомлення", photo: "Фото", file: "Файл", close: "Закрити",
    botAdded: "{0} додав(ла) {1}", botRemoved: "{0} вилучив(ла) {1}", upgraded: "Група стала супергрупою", topicMade: "{0} створив(ла) тему «{1}»", via: "через", asPerson: "як {0}",
    emptyBot: "Що вміє цей бот?", emptyBotText: "Натисніть ПОЧАТИ, і він розповість.", empty: "Тут поки немає повідомлень", spoiler: "Прихований текст, натисніть, щоб відкрити", unfold: "Показати всю цитату", fold: "Згорнути цитату",
    searching: "Пошук…", nothing: "Нічого не знайдено", lost: "Локальний чат не запущено. Повторне з’єднання…", member: "учасників", noAnswer: "Бот не відповів", unread: "непрочитаних", download: "Завантажити", alert: "Повідомлення від бота",
  },
};

let language = "en";

/** Choose the language of the page. */
export function speak(code) {
  language = code in WORDS ? code : "en";
  document.documentElement.lang = language;
}

/** Return the page's language, for dates. */
export function locale() {
  return { en: "en-GB", ru: "ru", uk: "uk" }[language];
}

/** Return a text of the page; {0}, {1} are filled in. */
export function say(key, ...parts) {
  return WORDS[language][key].replace(/\{(\d)\}/g, (_, index) => parts[index]);
}
