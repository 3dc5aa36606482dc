"""The agents' desk (`/desk/`): the call, the words, what helps to answer them."""
