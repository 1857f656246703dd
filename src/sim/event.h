// Something that will happen: a function that is called once. Nearly all are small and are kept in place, so that
// queueing them allocates nothing, of which a simulated hour would do millions.
#pragma once

#include <concepts>
#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace vedette::sim {

class Event;
template <typename Function>
concept CanHappen =
    !std::same_as<std::remove_cvref_t<Function>, Event> && std::invocable<std::remove_cvref_t<Function>&>;

class Event {
 public:
  static constexpr std::size_t kBytesInPlace = 96;  // a message on its way is the largest of the frequent ones

  Event() = default;
  template <CanHappen Function>
  Event(Function&& function) {  // NOLINT(google-explicit-constructor): a function is one
    hold(std::forward<Function>(function));
  }
  Event(Event&& other) noexcept : kind_(std::exchange(other.kind_, nullptr)) {
    if (kind_ != nullptr) kind_->move(other.place_, place_);
  }
  template <CanHappen Function>
  Event& operator=(Function&& function) {
    clear();
    hold(std::forward<Function>(function));
    return *this;
  }
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  ~Event() { clear(); }

  // It is an error to call one that is empty.
  void operator()() { kind_->call(place_); }

  void clear() {
    if (kind_ != nullptr) std::exchange(kind_, nullptr)->destroy(place_);
  }

 private:
  // What can be done with the function at a place.
  struct Kind {
    void (*call)(void* place);
    void (*move)(void* from, void* to);  // nothing is left at `from`
    void (*destroy)(void* place);
  };

  template <typename Function>
  static constexpr Kind kKindOf{
      [](void* place) { (*static_cast<Function*>(place))(); },
      [](void* from, void* to) {
        new (to) Function(std::move(*static_cast<Function*>(from)));
        static_cast<Function*>(from)->~Function();
      },
      [](void* place) { static_cast<Function*>(place)->~Function(); },
  };

  template <typename Given>
  void hold(Given&& given) {
    using Function = std::remove_cvref_t<Given>;
    if constexpr (sizeof(Function) <= kBytesInPlace && alignof(Function) <= alignof(std::max_align_t) &&
                  std::is_nothrow_move_constructible_v<Function>) {
      new (place_) Function(std::forward<Given>(given));
      kind_ = &kKindOf<Function>;
    } else {
      hold([large = std::make_unique<Function>(std::forward<Given>(given))] { (*large)(); });
    }
  }

  const Kind* kind_ = nullptr;  // null: it is empty
  alignas(std::max_align_t) std::byte place_[kBytesInPlace];
};

}  // namespace vedette::sim
