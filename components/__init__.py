"""What several pages show. A component takes typed values and returns typed values; it knows no Keras."""
