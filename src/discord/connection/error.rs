//! Why there is no bot.

use std::io;

use thiserror::Error;

/// Why the bot is not, or no longer, connected to Discord. Nothing of it goes on.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum BotError {
    /// The token has not the shape of one; Discord was not asked.
    #[error(
        "The DISCORD_TOKEN is no token of a bot: that has three parts with dots between them. Copy it from the page Bot of \
         your application at https://discord.com/developers/applications."
    )]
    NotAToken,
    /// Discord does not know the token.
    #[error(
        "Discord does not accept the DISCORD_TOKEN. Copy it from the page Bot of your application at \
         https://discord.com/developers/applications; `Reset Token` there makes a new one."
    )]
    WrongToken,
    /// Discord does not allow an intent that the settings ask for.
    #[error(
        "Discord refuses the intent Message Content. Switch it on at https://discord.com/developers/applications, on the \
         page Bot of your application, or set DISCORD_MESSAGE_CONTENT=off."
    )]
    RefusedIntent,
    /// Discord cannot be reached.
    #[error(
        "Discord cannot be reached: {reason}. Check the network of this machine, and HTTPS_PROXY and SSL_CERT_FILE if \
         there is a proxy."
    )]
    Unreachable {
        /// What was said.
        reason: String,
    },
    /// Discord ended the connection for good.
    #[error("Discord ended the connection: {reason}. Start the bot again.")]
    Ended {
        /// What was said.
        reason: String,
    },
    /// What the bot remembers cannot be kept.
    #[error("The folder of the bot's outputs cannot be used ({0}). Check the rights and the disk of DATA_DIR.")]
    Folder(#[from] io::Error),
}
