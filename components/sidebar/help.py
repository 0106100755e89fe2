"""The help of each control: what it does, the Keras argument that it sets, and the page of Keras about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from backend.experiment.optimizers import default_rates
from backend.experiment.presets import LESSONS
from backend.speed.sweep import MODES, STEPS_PER_EXECUTION
from components.session import controls, state

KERAS = "https://keras.io/api/"


@dataclass(frozen=True)
class Help:
    """What a control does in plain `words`, the Keras `argument` it sets as in source, and a `page` below `KERAS`."""

    words: str
    argument: str = ""
    page: str = ""

    @property
    def text(self) -> str:
        """The help as Markdown of our own words."""
        return f"{self.words} Keras: [`{self.argument}`]({KERAS}{self.page})" if self.argument else self.words


_INPUT, _LSTM, _DENSE = "layers/core_layers/input/", "layers/recurrent_layers/lstm/", "layers/core_layers/dense/"
_ACTIVATIONS, _LAYER, _TRAINING = "layers/activations/", "layers/base_layer/", "models/model_training_apis/"

#: By the path of the setting in the experiment, with `*` for a position in a list; else by the key of the widget.
HELP: dict[str, Help] = {
    "preset": Help(
        "Loads all settings of a ready-made experiment.\n"
        + "\n".join(f"- **{name}**: {lesson}" for name, lesson in LESSONS.items())
    ),
    "reset": Help("Restores all settings: those of the thread, and our defaults for the rest."),
    "architecture.timesteps": Help(
        "The length of each sequence. The LSTM reads one timestep after another.",
        "Input(shape=(timesteps, features))",
        _INPUT,
    ),
    "architecture.features": Help("How many numbers each timestep has.", "Input(shape=(timesteps, features))", _INPUT),
    "architecture.lstm.count": Help(
        "LSTM layers, one on top of the other. Each but the last passes on its output at every timestep.",
        "LSTM(return_sequences=True)",
        _LSTM,
    ),
    "architecture.lstm.*": Help("The size of the layer's state and of its output.", "LSTM(units)", _LSTM),
    "architecture.dense.count": Help(
        "Dense layers between the LSTM layers and the heads. All heads share them.", "Dense(units)", _DENSE
    ),
    "architecture.dense.*.units": Help(
        "The number of neurons in this layer. Each reads every output of the layer before.", "Dense(units)", _DENSE
    ),
    "architecture.dense.*.activation": Help(
        "The function that each neuron applies to its weighted sum. Linear changes nothing.",
        "Dense(activation=…)",
        _ACTIVATIONS,
    ),
    "heads.count": Help(
        "The tasks that the model learns at once: one head for each. A head that you remove and add again comes back "
        "as it was.",
        "Model(outputs=[…])",
        "models/model/",
    ),
    "heads.chosen": Help("Press a head to edit its task, names, layers and loss. Press it again to close it."),
    "architecture.heads.*.task": Help(
        "What the head learns to predict. A new task brings its usual name, units, activation and loss."
    ),
    "architecture.heads.*.name": Help(
        "The head's name in the source: a lowercase letter, then lowercase letters, digits or underscores.",
        "Dense(name=…)",
        _LAYER,
    ),
    "architecture.heads.*.label": Help("What pages show in place of the name. It changes no result."),
    "architecture.heads.*.units": Help("The number of output neurons of this head.", "Dense(units)", _DENSE),
    "architecture.heads.*.hidden.count": Help(
        "Dense layers of this head alone, before its output layer.", "Dense(units, activation='relu')", _DENSE
    ),
    "architecture.heads.*.hidden.*": Help(
        "The neurons of this hidden layer. Its activation is ReLU.", "Dense(units, activation='relu')", _DENSE
    ),
    "architecture.heads.*.activation": Help(
        "The function of the output layer. The task decides which ones fit.", "Dense(activation=…)", _ACTIVATIONS
    ),
    "architecture.heads.*.loss": Help(
        "The number that says how far predictions are from targets. Training tries to make it smaller.",
        "compile(loss=…)",
        "losses/",
    ),
    "sequences.samples": Help(
        "The number of sequences in the experiment, for training and validation together.", "fit(x=…, y=…)", _TRAINING
    ),
    "sequences.seed": Help("The random numbers behind sequences and targets. The same seed gives the same data."),
    "sequences.relatedness": Help(
        "How much the two tasks of the related pair have in common: 1 everything, 0 nothing, −1 opposite directions."
    ),
    "sequences.noise": Help(
        "For numbers: the random error in the targets, in standard deviations. For yes or no and classes: the share "
        "of labels that another one replaces, at most half."
    ),
    "sequences.scale": Help("The factor that this head's targets are multiplied by.", "fit(y=…)", _TRAINING),
    "training.optimizer": Help(
        "The rule that turns gradients into changes of the weights.", "compile(optimizer=…)", "optimizers/"
    ),
    "training.learning_rate": Help(
        f"How far each step moves the weights. Too large, and the loss grows. {default_rates()}",
        "Optimizer(learning_rate=…)",
        "optimizers/",
    ),
    "training.epochs": Help("How often training uses all training sequences.", "fit(epochs=…)", _TRAINING),
    "training.batch": Help(
        "The number of sequences in one step. The loss of a step is the average over them.",
        "fit(batch_size=…)",
        _TRAINING,
    ),
    "training.validation": Help(
        "The share of the sequences that no step trains on. They measure the validation loss.",
        "fit(validation_data=…)",
        _TRAINING,
    ),
    "training.combine": Help(
        "How a model with several losses makes one step of them: by a weighted total, as Keras does, or by a "
        "method from the multi-task literature.",
        "compile(loss_weights=…)",
        _TRAINING,
    ),
    "training.weights": Help("The factor of this head's loss in the total.", "compile(loss_weights=…)", _TRAINING),
    "training.same_start": Help(
        "On: the right model gets the initial weights of the left one. Off: Keras draws them for each style.",
        "layer.set_weights(…)",
        _LAYER,
    ),
    "training.seed": Help(
        "Decides the initial weights and the order of the batches.",
        "utils.set_random_seed(seed)",
        "utils/python_utils/",
    ),
    "training.seeds": Help("Trains again with the next seeds: seed + 1, seed + 2 … The page shows how results vary."),
    "speed.k": Help("How many equal heads the measured models have. A sweep measures each number that you choose."),
    "speed.modes": Help(
        f"How Keras runs train steps: each by itself, {STEPS_PER_EXECUTION} in one call (`steps_per_execution`), or "
        f"compiled by XLA (`jit_compile`, at most {MODES['xla'].most_heads} heads).",
        "compile(steps_per_execution=…, jit_compile=…)",
        _TRAINING,
    ),
    "speed.mode": Help("The Keras mode that this page shows. A sweep measures each mode by itself."),
    "speed.start": Help("Times all models of the sweep on this server. Your results then replace the recorded ones."),
    "speed.script": Help("Downloads a Python file that times the same models in turns, in Keras and NumPy."),
    "speed.cancel": Help("Stops the sweep. The measurements up to then stay on the page."),
    "lab.preset": Help("Sets angles and lengths that show one thing. Then move them yourself."),
    "lab.methods": Help(
        "The ways of combining gradients that the page shows. Each has an arrow, a sentence and a row of the table."
    ),
    "lab.same_length": Help(
        "Makes every step as long as the mean's. Then you compare directions only: a longer step is also a matter of "
        "the learning rate."
    ),
    "lab.third": Help("Adds head C, with two more angles and one more length. The picture becomes three-dimensional."),
    "lab.angle": Help(
        "Above 90° the gradients conflict: a small step that lowers one head's loss fastest makes the other's rise."
    ),
    "lab.ratio": Help("How many times as long B's gradient is as A's. A loss on a larger scale has a longer gradient."),
    "lab.angle_ac": Help("The angle between the gradients of heads A and C. Above 90° they conflict."),
    "lab.angle_bc": Help("The angle between the gradients of heads B and C. The other two angles limit it."),
    "lab.ratio_c": Help("How many times as long C's gradient is as A's."),
    "lab.measure": Help(
        "Trains the model on the right as Train does, and measures the gradient of each head's loss up to 21 times."
    ),
    "lab.stop": Help("Stops your measurement. It continues if another visitor waits for the same one."),
    "lab.measured": Help("The measured epoch that the sentence, the table and the heat map are about. 0 is the start."),
    "lab.pair": Help("The two heads that the sentence is about and that the compass can show."),
    "lab.question": Help("Each question asks for your prediction first. The link keeps which one is open."),
    "lab.predict": Help("Choose what you expect. Then the page shows what was measured and marks your prediction."),
    "lab.reveal": Help("Shows what was measured, without a prediction to mark."),
    "lab.again": Help("Removes your prediction for these settings and hides the result."),
    "lab.run": Help(
        "Measures the question with your settings on this server. The result replaces the recorded one, for all "
        "visitors."
    ),
    "lab.cancel": Help("Stops your measurement. It continues if another visitor waits for the same one."),
    "lab.script": Help("Downloads a Python script that prints the figures of this result, without any code of ours."),
    "lab.published": Help("Restores the settings whose result is recorded."),
    "lab.scale_problem": Help(
        "Kendall's toy has two heads whose noise differs. With your network, the targets of its first regression head "
        "are multiplied by 100."
    ),
    "lab.scale_optimizer": Help(
        "The optimizer of every training. Adam divides each gradient by its running size, which hides most of a scale. "
        "Plain SGD does not."
    ),
    "lab.scale_rate": Help("The learning rate of every training."),
    "lab.scale_epochs": Help("The number of epochs of each training."),
    "lab.scale_seeds": Help(
        "The number of trainings of each kind. A seed decides the data, the initial weights and the order of the "
        "batches. An interval takes at least 8."
    ),
    "lab.conflict_problem": Help(
        "The related pair is two tasks whose relatedness ρ can be set. If your network has both tasks, it is trained "
        "at each ρ. Otherwise every pair of its heads is measured."
    ),
    "lab.conflict_rhos": Help("The relatedness of the two tasks: 0 is unrelated, 1 equal, −1 opposite. Two to seven."),
    "lab.conflict_epochs": Help("The number of epochs of each training. The gradients are measured up to five times."),
    "lab.conflict_seeds": Help(
        "The number of trainings at each relatedness. A seed decides the data, the initial weights and the order of "
        "the batches. An interval takes at least 8."
    ),
    "lab.unstuck_problem": Help(
        "Both problems have two losses of two numbers. In FAMO's, the first loss is a tenth of what it is in CAGrad's."
    ),
    "lab.unstuck_optimizer": Help(
        "The rule that turns a combined gradient into a step. Adam divides each gradient by its running size. Plain "
        "SGD does not, so the length of a method's step counts, too."
    ),
    "lab.unstuck_rate": Help("The learning rate of every method."),
    "lab.unstuck_steps": Help("The number of steps of each run."),
    "lab.unstuck_methods": Help("The methods that take part. The mean of the losses always does."),
    "lab.trade_offs_levels": Help(
        "The number of different weights of each loss, from 0 to 1. With 21, two heads have 21 weightings, and three "
        "heads 231. The weights of a weighting add up to 1."
    ),
    "lab.trade_offs_starts": Help("The number of starts. Each weighting is trained from every start."),
    "lab.trade_offs_rate": Help("Adam's learning rate."),
    "lab.trade_offs_steps": Help("The number of steps of each training."),
    "lab.trade_offs_smoothings": Help(
        "How smooth STCH's maximum of the losses is: the smaller μ is, the more the worst head counts. At most four."
    ),
    "lab.beat_problem": Help(
        "A fixed network learns the related pair, and both heads compete for its trunk. Your network is the one "
        "of the sidebar, with its tasks, batch size and optimizer, and 2 to 8 heads."
    ),
    "lab.beat_relatedness": Help(
        "How much the two tasks have in common: at 1 they are the same, at 0 each reads a direction of its own."
    ),
    "lab.beat_scale": Help(
        "The targets of head b are this many times as large as those of head a. The squared error grows with the "
        "square of this number."
    ),
    "lab.beat_optimizer": Help(
        "The rule of every training. Adam divides each gradient by its running size, plain SGD does not."
    ),
    "lab.beat_levels": Help(
        "How many ratios of the two weights are tried, from 100 : 1 to 1 : 100. Each is tuned and tested like a method."
    ),
    "lab.beat_tuning": Help(
        "How many seeds are used to choose each learning rate and the best fixed weights. The test uses other seeds."
    ),
    "lab.beat_seeds": Help("How many new seeds the entries are compared on. More seeds make the intervals narrower."),
    "lab.beat_samples": Help(
        "The number of training sequences. As many others choose rates and weights, and as many again are for the test."
    ),
    "lab.beat_epochs": Help("The number of epochs of each training."),
    "lab.beat_methods": Help("The methods that are compared with the fixed weights. RLW is the control."),
    "lab.beat_rates": Help(
        "The learning rates that are tried for every entry. Choose at most five. Plain SGD needs larger ones than Adam."
    ),
    "lab.share_samples": Help(
        "The number of training sequences. The fewer there are, the more a head can gain from the other one's targets."
    ),
    "lab.share_noise": Help(
        "The standard deviation of the noise on the training targets. That of the targets themselves is 1."
    ),
    "lab.share_units": Help(
        "The units of the first layer of each separate network. The other networks get the sizes that give them as "
        "many parameters, within 5 %."
    ),
    "lab.share_epochs": Help(
        "The most epochs of a training. For each network and each relatedness, the best number is chosen on separate "
        "seeds."
    ),
    "lab.share_seeds": Help(
        "The number of trainings of each network at each relatedness. More seeds make the intervals narrower."
    ),
    "lab.share_relatedness": Help(
        "How far the two tasks agree: at 1 both heads have the same target; at 0 their targets come from uncorrelated "
        "sums. Two to five values."
    ),
    "lab.share_rates": Help(
        "Adam's learning rates. For each network and each relatedness, the best one is chosen on separate seeds. "
        "At most three."
    ),
    "lab.share_models": Help("The networks that take part. Separate networks and hard sharing always do."),
    "learn.lesson": Help("Opens a lesson at the step where you left it."),
    "learn.step": Help("Shows a step of the lesson. Below it stands whether you were right."),
    "learn.open": Help("Opens the lesson at the step where you left it."),
    "learn.predict": Help("Choose what you expect. The result is shown only after you submit."),
    "learn.sure": Help("How sure you are of it. You may leave this out."),
    "learn.keep": Help("Submits your prediction and shows the result. Your prediction cannot be changed afterwards."),
    "learn.why": Help("Shows the reason."),
    "learn.next": Help("Shows the next step of the lesson."),
    "learn.previous": Help("Shows the step before this one."),
    "learn.all": Help("Shows the list of lessons."),
    "learn.restart": Help("Forgets your predictions in this lesson and shows its first step."),
    "learn.again": Help("Requests the result again."),
    "learn.train": Help("Trains both styles with these settings and shows the result here."),
    "learn.attempt": Help("Shows the experiment with a setting that fits what you expected."),
    "learn.back": Help("Shows the experiment as the step describes it."),
    "room.code": Help("The six letters and digits on the board. Capitals and small letters are the same."),
    "room.lesson": Help("The lesson whose questions the room answers. Its text stays as it is now."),
    "room.answer": Help("Choose an answer. It is sent at once, and you may change it until the answers are frozen."),
    "room.sure": Help("How sure you are of it. You may leave this out."),
    "room.name": Help("What others may see of you. An empty name gives you your alias back."),
    "room.pace": Help("How much time your own clock gives you. The host closes the answers, and sees who needs time."),
    "room.earlier": Help("The results of this room, to look at again."),
    "room.next": Help("Leads on. The button says what happens next."),
    "room.undo": Help(
        "Takes back the last action. Answers stay, but those of a second round are lost if you then reveal the result "
        "of the first."
    ),
    "room.alias": Help("What is shown of this participant. An empty alias restores the first one."),
    "room.remove": Help("Removes the participant and their answers from the room, or lets them back in."),
    "room.silent": Help("Removes everybody who has answered no question of this room so far. You can take it back."),
    "room.since": Help("Removes everybody who joined in this time. You can take it back."),
    "room.back": Help("Lets everybody back in whom you have removed."),
    "room.minutes": Help("Choose the time, then read how many would be removed."),
    "room.new_code": Help("Gives the room another code and QR code. Those before let nobody else in. All inside stay."),
    "room.passphrase": Help("The operator of this server has it. You give it once, then your browser opens rooms."),
    "room.board": Help("Makes a link for a projector. Earlier links to the board stop working."),
    "room.notebook": Help("Recomputes each verdict from the runs of all participants. It contains no names."),
    "room.keys": Help(
        "Space, U, H and Q press the buttons that name them. Switch this off if you press them by accident."
    ),
    "room.delete": Help("Deletes the room with all answers. This cannot be undone."),
    "room.pause": Help("Nobody can answer until you resume."),
    "room.gather": Help("Brings all participants back to the current question, also from other pages."),
    "room.show_last": Help("Shows everybody the result of the question before this one."),
    "room.skip": Help("Goes to the next question, or after the last one to the end, and shows no result of this one."),
    "room.reset": Help("Asks this question again from its beginning. Its answers are deleted."),
    "room.lock": Help("Nobody else can join."),
    "room.unlock": Help("Others can join again."),
    "room.names": Help("Participants may replace their alias with a name."),
    "room.aliases": Help("Participants have aliases only. Names that they chose are replaced with aliases."),
    "room.ghosts": Help("People who learn alone later can see how many chose each option, if at least five answered."),
    "room.no_ghosts": Help("Nobody else sees the votes of this room."),
    "room.close": Help("Ends the room for all. It is deleted after 24 hours."),
    "speed.csv": Help("Downloads every reading of the results on this page."),
}


def text(*path: str | int) -> str:
    """The help of the setting at `path`."""
    return HELP[".".join("*" if isinstance(step, int) else step for step in path)].text


def view(path: state.Path, options: Sequence[Any] | None = None) -> dict[str, Any]:
    """Arguments that make a widget a view of the setting at `path` (`controls.view`), with its help."""
    return controls.view(path, options) | {"help": text(*path)}
