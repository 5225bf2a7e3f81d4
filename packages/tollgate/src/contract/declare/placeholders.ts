/** The placeholders of messages, as types: the same grammar as `parseMessage` in `message.ts`. */

/** The names in braces, of one message or of a list of them, in whatever language; none where the text is not known to the compiler. */
export type PlaceholderOf<Message> = NamedIn<TextOf<Message>>

/** The texts of a message: one, several, or by language. */
export type TextOf<Message> = Message extends string ? Message : Message extends readonly (infer Each)[] ? Each : Message extends object ? TextOf<Message[keyof Message]> : never

type NamedIn<Text> = Text extends string ? (string extends Text ? never : WithoutFormat<InBraces<Text>>) : never

/** A brace that is written twice is one of the text. */
type InBraces<Text extends string> = Text extends `${string}{${infer After}`
  ? After extends `{${infer Rest}`
    ? InBraces<Rest>
    : After extends `${infer Name}}${infer Rest}`
      ? Name | InBraces<Rest>
      : never
  : never

type WithoutFormat<Placeholder extends string> = Placeholder extends `${infer Name}:money` ? Name : Placeholder
