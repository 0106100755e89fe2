"""The help of the controls of the Lab."""

from __future__ import annotations

from functools import partial

from components.help import Help, reader
from components.help import button as _button

HELP: dict[str, Help] = {
    "lab.preset": Help("Sets angles and lengths that show one thing. Then move them yourself."),
    "lab.same_length": Help(
        "Makes every step as long as the mean's. Then you compare directions only: a longer step is also a matter of "
        "the learning rate."
    ),
    "lab.third": Help("Adds head C, with two more angles and one more length."),
    "lab.angle": Help(
        "Above 90° the gradients conflict: a small step that lowers one head's loss fastest makes the other's rise."
    ),
    "lab.ratio": Help("How many times as long B's gradient is as A's. A loss on a larger scale has a longer gradient."),
    "lab.angle_ac": Help("The angle between the gradients of heads A and C. Above 90° they conflict."),
    "lab.angle_bc": Help("The angle between the gradients of heads B and C. The other two angles limit it."),
    "lab.ratio_c": Help("How many times as long C's gradient is as A's."),
    "lab.measure": Help(
        "Trains your model as Train does, and measures the gradient of each head's loss up to 21 times."
    ),
    "lab.measured": Help(
        "The measured epoch that the table and, with many pairs, the heat map are about. 0 is the start."
    ),
    "lab.pair": Help("The two heads that the compass can show."),
    "lab.to_compass": Help("Sets the arrows A and B of the compass to this angle and this ratio of lengths."),
    "lab.back": Help("Moves the arrows back to where the question has them."),
    "lab.question": Help("Each question asks for your prediction first. The link keeps which one is open."),
    "lab.predict": Help(
        "Choose what you expect. Then the page shows what was measured, or a button that measures it. A measured "
        "answer marks your prediction."
    ),
    "lab.reveal": Help("Shows what was measured with these settings, if anything was. No prediction is marked."),
    "lab.run": Help(
        "Measures the question with your settings on this server. The result replaces the recorded one, for all "
        "visitors."
    ),
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
        "The number of trainings of each kind. A seed decides the data (recorded data are the same), the initial "
        "weights and the order of the batches. An interval takes at least 8."
    ),
    "lab.conflict_problem": Help(
        "The related pair is two tasks whose relatedness ρ can be set. If your network has both tasks, it is trained "
        "at each ρ. Otherwise every pair of its heads is measured."
    ),
    "lab.conflict_rhos": Help("The relatedness of the two tasks: 0 is unrelated, 1 equal, −1 opposite. Two to seven."),
    "lab.conflict_epochs": Help("The number of epochs of each training. The gradients are measured up to five times."),
    "lab.conflict_seeds": Help(
        "The number of trainings at each relatedness. A seed decides the data (recorded data are the same), the "
        "initial weights and the order of the batches. An interval takes at least 8."
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
        "The number of weightings. The weight of each loss goes from 0 to 1, and both weights add up to 1."
    ),
    "lab.trade_offs_starts": Help("The number of starts. Each weighting is trained from every start."),
    "lab.trade_offs_rate": Help("Adam's learning rate."),
    "lab.trade_offs_steps": Help("The number of steps of each training."),
    "lab.trade_offs_smoothings": Help(
        "How smooth STCH's maximum of the losses is: the smaller μ is, the more the worst head counts. At most four."
    ),
    "lab.beat_problem": Help(
        "A fixed network learns the related pair, and both heads compete for its trunk. Your network is that of “Use "
        "my model”, with its tasks, batch size and optimizer. It needs 2 to 8 heads."
    ),
    "lab.beat_relatedness": Help(
        "How much the two tasks have in common: at 1 they are the same, at 0 their targets come from uncorrelated sums "
        "of the inputs."
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
        "The number of training sequences. With few of them, a head may gain more from the other one's targets."
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
}

text, button = reader(HELP), partial(_button, HELP)
