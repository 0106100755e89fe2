"""The Keras source of a cross-stitch unit: Misra et al. 2016, "Cross-stitch Networks for Multi-task Learning", §3."""

SOURCE = '''class CrossStitch(layers.Layer):
    """Passes each tower a learned mixture of both towers; at first mostly its own."""

    def build(self, input_shape):
        start = keras.initializers.Constant([[0.9, 0.1], [0.1, 0.9]])
        self.alpha = self.add_weight(shape=(2, 2), initializer=start, name="alpha")

    def call(self, towers):
        a, b = towers
        return [
            self.alpha[0, 0] * a + self.alpha[0, 1] * b,
            self.alpha[1, 0] * a + self.alpha[1, 1] * b,
        ]

'''
