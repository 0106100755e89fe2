"""The words of Two Heads and of Keras: one word for one thing, each with a sentence that says what it is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """A word, what it means in plain words, its name in Keras's source if it has one, and where a page shows it.

    A page underlines an `underlined` word at its first use and explains it there: a newcomer cannot know the word, and
    it has no other meaning on the pages. `forms` are other spellings of the word. Plurals need none, and `#` stands for
    a number.
    """

    word: str
    meaning: str
    keras: str = ""
    place: str = ""
    underlined: bool = False
    forms: tuple[str, ...] = ()

    def matches(self, query: str) -> bool:
        """Whether the words of a search occur in the term, in any order and case."""
        text = f"{self.word} {self.meaning} {self.keras}".casefold()
        return all(part in text for part in query.casefold().split())


#: In alphabetical order. Ordinary words are not underlined: they would be on every line.
TERMS: tuple[Term, ...] = (
    Term("accuracy", "The share of right predictions. A head of several yes-or-no units has one prediction for each "
         "unit.", "", "Train, predictions"),
    Term(
        "activation", "A function that each neuron applies to its weighted sum.", "Dense(activation=…)",
        "the sidebar, and Claims", underlined=True,
    ),
    Term("Adam", "An optimizer that divides the averaged gradient of each weight by the gradient's usual size, so its "
         "steps hardly depend on the scale of the loss, unless gradients are tiny.", "optimizers.Adam",
         "Train, in the sidebar", underlined=True),
    Term("aggregator", "A method that combines the heads' gradients into one step of the trunk. It sees their "
         "lengths and angles.", "", "Lab", underlined=True),
    Term("architecture", "What a visitor sets of the model: input, trunk and heads.", "", "the sidebar"),
    Term("backward pass", "Computing the gradient of one loss through all layers, back to the first.", "", "Lab",
         underlined=True),
    Term("baseline", "What a model has to beat: another model, or a prediction without one.", "",
         "Topologies and Train"),
    Term("batch", "The sequences of one step.", "fit(batch_size=…)", "Train, in the sidebar", underlined=True),
    Term("bias", "A number that a neuron adds to its weighted sum. It is a parameter.", "Dense(use_bias=True)",
         "Compare, Parameters", underlined=True),
    Term("claim", "A sentence from the thread or about it, with the experiment that tests it.", "", "Claims"),
    Term("Dense", "A layer in which each unit reads all inputs. Dense(2) has two units.", "layers.Dense(units)",
         "Compare", underlined=True, forms=("Dense(#)",)),
    Term("edge", "A line of the diagram, from a neuron to one that reads it. Each edge into a head is one weight.", "",
         "Compare and Train, the diagram", underlined=True),
    Term("epoch", "One pass of training through all training sequences.", "fit(epochs=…)", "Train, the curves",
         underlined=True),
    Term("experiment", "All settings that decide a result. It fits in a link.", "", "every page"),
    Term("feature", "One of the numbers at each timestep.", "Input(shape=(timesteps, features))",
         "Train, the sequences"),
    Term("first-order change", "How much a loss changes in a small step, along a straight line: the product of "
         "gradient and step.", "", "Lab", underlined=True),
    Term("Functional", "A style that calls layers like functions, so that a model can branch into several outputs.",
         "keras.Model(inputs, outputs)", "Compare", underlined=True),
    Term("fused", "One output layer for all heads: each unit of the layer belongs to one head.", "Dense(k)", "Compare",
         underlined=True),
    Term("gate", "A part of a network that decides how much passes: in an LSTM, what its state keeps, takes in and "
         "puts out; in a mixture of experts, how much each expert counts.", "", "Compare, Parameters", underlined=True),
    Term("Glorot initialization", "Keras's usual first weights of a kernel: random, in a range that shrinks as the "
         "layer gets more inputs and units. A fused layer has more units.", "initializers.GlorotUniform",
         "Claims, initial weights", underlined=True, forms=("Glorot",)),
    Term("gradient", "How much the loss changes when a weight changes. A step follows it downwards.", "", "Train",
         underlined=True),
    Term("gradient conflict", "Two heads' gradients are more than 90° apart: a small step that lowers one loss fastest "
         "makes the other rise.", "", "Lab", underlined=True),
    Term("Gramian", "The table of the dot products of every two gradients. It contains their lengths and the angles "
         "between them.", "", "Lab", underlined=True),
    Term("head", "The output branch of one task.", "one Dense(units) per task", "Compare and the sidebar",
         underlined=True),
    Term("hidden layer", "A layer of one head, before its output layer.", "Dense(units)", "the head editor",
         underlined=True),
    Term("initial weights", "The weights before the first step.", "kernel_initializer",
         "Train, the diagram at epoch 0"),
    Term("interval", "A range that contains the true value with a stated confidence, such as 99 %.", "",
         "Speed, Claims and Topologies"),
    Term("kernel", "The table of a layer's weights: a row for each input and a column for each unit. In an LSTM, each "
         "unit has four columns.", "layer.kernel", "Compare and Train, beside the diagram", underlined=True),
    Term("layer", "A part of a model that computes an output from its input. Most layers have weights.", "keras.layers",
         "Compare"),
    Term("learning rate", "The factor by which the optimizer scales each step.", "Optimizer(learning_rate=…)",
         "Train, in the sidebar", underlined=True),
    Term("logit", "A number before softmax or sigmoid, which turn such numbers into probabilities or shares.",
         "from_logits=True", "Lab", underlined=True),
    Term("loss", "A number that says how far predictions are from targets. Small is good.", "compile(loss=…)",
         "Train, the curves", underlined=True),
    Term("loss weights", "The factors of the head losses in the total loss.", "compile(loss_weights=…)",
         "Train, in the sidebar", underlined=True, forms=("loss weight",)),
    Term("LSTM", "A layer that reads a sequence timestep by timestep and keeps a state.", "LSTM(units)", "Compare",
         underlined=True, forms=("LSTM(#)",)),
    Term("multi-task learning", "Training one model for several tasks at once.", "", "every page", underlined=True),
    Term("neuron", "A part of a layer that computes one number, from a weighted sum of its inputs and an activation. "
         "Keras calls it a unit.", "", "Compare, the diagram"),
    Term("noise", "Random error: in the targets of a task, or in a measured time.", "", "Train and Speed"),
    Term("optimizer", "The rule that turns gradients into changes of the weights.", "compile(optimizer=…)",
         "Train, in the sidebar", underlined=True),
    Term("output", "What a model or a layer returns: one array. A model that ends in Dense(2) has one output of two "
         "units. A model that ends in two Dense(1) has two outputs.", "model.output", "Compare and Claims"),
    Term("parameter", "A number that a layer keeps, such as a weight or a bias. Training changes the trainable ones.",
         "model.count_params()", "Compare, Parameters"),
    Term("prediction", "What a model puts out for a sequence. On Claims: what you expect, before it is measured.",
         "model.predict(x)", "Train and Claims"),
    Term("R²", "How much of a target's variation the predictions explain: 1 is all, 0 is no better than the mean.",
         "metrics.R2Score", "Train, predictions", underlined=True),
    Term("recurrence", "The loop through which a layer reads its own state from the timestep before.", "LSTM",
         "Compare", underlined=True),
    Term("relatedness", "How much the two tasks of the related pair have in common, from −1 to 1.", "",
         "Train, in the sidebar", underlined=True),
    Term("room", "A class that answers the questions of a lesson together. For some questions, one network is trained "
         "per person.", "", "Rooms"),
    Term("run", "One training of both sides of an experiment, with its curves and weights.", "", "Train"),
    Term("scalarizer", "A method that combines the head losses into one number, whose gradient is the step. Most need "
         "one backward pass. GradNorm needs one more for each head.", "compile(loss_weights=…)",
         "Train, in the sidebar", underlined=True),
    Term("seed", "A number from which random numbers follow: the same seed gives the same ones.",
         "keras.utils.set_random_seed(seed)", "Train, in the sidebar", underlined=True),
    Term("sequence", "The input of a model: for each timestep, one number for each feature.", "fit(x=…)",
         "Train, the sequences"),
    Term("Sequential", "A style that lists layers, one after another. A list of Keras's own layers cannot branch "
         "without a Functional model inside, so its heads are fused.",
         "keras.Sequential([…])", "Compare", underlined=True),
    Term("SGD", "Stochastic gradient descent: each step is the gradient times the learning rate, plus a share of the "
         "last step if it has momentum.", "optimizers.SGD", "Train, in the sidebar", underlined=True),
    Term("snapshot", "The weights at the end of an epoch, kept to be looked at later.", "model.get_weights()",
         "Train, the diagram"),
    Term("step", "One change of the weights, from one batch.", "train_step", "Train and Speed"),
    Term("style", "A way to write an architecture in Keras.", "", "Compare and Train"),
    Term("Subclassing", "A style that writes the model as a Python class with a `call` method.",
         "class Model(keras.Model)", "Compare", underlined=True),
    Term("target", "The number or class that a prediction should equal.", "fit(y=…)", "Train, the sequences"),
    Term("task", "What one head learns to predict from a sequence, such as its level, the mean of its "
         "values.", "", "the head editor"),
    Term("thread", "The question on Stack Overflow, with its answers, whose claims this app tests.", "",
         "Compare and Claims", underlined=True),
    Term("timestep", "One position in a sequence.", "Input(shape=(timesteps, features))", "Train, the sequences",
         underlined=True),
    Term("topology", "How layers are connected.", "", "Topologies", underlined=True),
    Term("total loss", "The loss that Keras reports: the head losses times their loss weights, added up. One output "
         "has one loss, which is the total. Training tries to make it smaller, unless a method sets the step.",
         "history['loss']", "Train, the curves", underlined=True),
    Term("trunk", "The layers that all heads share.", "", "Compare", underlined=True),
    Term("unit", "Keras's word for a neuron of a layer.", "Dense(units)", "the sidebar"),
    Term("validation", "Measuring the loss on sequences that no step trains on.", "fit(validation_data=…)",
         "Train, the curves", underlined=True),
    Term("weight", "The number that a neuron multiplies one of its inputs by.", "layer.get_weights()",
         "Compare and Train, the diagram"),
    Term("within noise", "A difference so small that the measurements cannot tell it from none.", "",
         "Speed", underlined=True),
    Term("XLA", "A compiler that turns a whole step into one program.", "compile(jit_compile=True)", "Speed",
         underlined=True),
)  # fmt: skip


def search(query: str) -> list[Term]:
    """The terms in which all words of `query` occur: those whose word begins with it first."""
    matches = [term for term in TERMS if term.matches(query)]
    return sorted(matches, key=lambda term: not term.word.casefold().startswith(query.casefold().strip()))
